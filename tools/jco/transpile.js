// Turns a guest built with tenon into a component, and that into a JavaScript module with its WebAssembly beside it:
// node tools/jco/transpile.js guest.wasm folder
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { transpileBytes } from '@bytecodealliance/jco-transpile'
import { componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools'

const [guest, folder] = process.argv.slice(2)
// A component imports nothing but its world. What AssemblyScript imports besides is how it says where it gave up.
const abort = await parse('(module (func (export "abort") (param i32 i32 i32 i32) unreachable))')
const component = await componentNew(await readFile(guest), [['env', abort]])
const { files } = await transpileBytes(component, { name: 'guest', instantiation: 'sync' })
for (const [name, content] of Object.entries(files)) await writeFile(join(folder, basename(name)), content)
