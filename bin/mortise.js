#!/usr/bin/env node
// Plain JavaScript that any Node can parse, so that an old one gets a sentence and not a stack trace.
import { existsSync } from 'node:fs'

const needed = 24
const major = Number(process.versions.node.split('.')[0])
if (major < needed) {
  console.error(
    `mortise needs Node ${needed} or newer, and this is Node ${process.versions.node}: install one, or run it through npm inside the project`,
  )
  process.exit(1)
}
// A checkout runs its sources, an installed package (which holds no src/) what was built from them.
const source = new URL('../src/cli/main.ts', import.meta.url)
const { main } = await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href)
process.exitCode = await main(process.argv.slice(2))
