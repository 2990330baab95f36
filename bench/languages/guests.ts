import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import type { Guest } from '../scheduler/guests.ts'

const cache = join(import.meta.dirname, '../.cache/languages')
const source = (file: string): string => join(import.meta.dirname, 'guest', file)

/** A scheduler plugin in AssemblyScript, and the same in standard Go. */
export const assemblyScript: Guest = { path: join(cache, 'assemblyscript.wasm'), args: [] }
export const go: Guest = { path: join(cache, 'go.wasm'), args: [] }

/** The same for a JavaScript engine. */
export const script = (): string => readFileSync(source('node-number.js'), 'utf8')

/** Builds both; without Go its rows say what is missing. */
export async function buildGuests(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  writeFileSync(assemblyScript.path, (await build(source('node-number.ts'))).wasm)
  try {
    execFileSync('go', ['build', '-buildmode=c-shared', '-ldflags=-s -w', '-o', go.path, source('node-number.go')], {
      env: { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch (error) {
    console.error(`No guest in Go: ${String(error)}`)
  }
}
