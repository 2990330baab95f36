// Prints the section component-type that other tools make of a .wit whose guests write UTF-16: node tools/jco/world.js file.wit
import { readFile } from 'node:fs/promises'
import { componentEmbed } from '@bytecodealliance/jco-transpile/wasm-tools'

const [file] = process.argv.slice(2)
const witSource = await readFile(file, 'utf8')
const module = await componentEmbed({ witSource, dummy: true, stringEncoding: 'utf16' })
const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(module), 'component-type')
process.stdout.write(new Uint8Array(section))
