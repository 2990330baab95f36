import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import { compileMortise, mortise } from '../harness/compiled.ts'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'bench/.cache/actions')
const guest = join(import.meta.dirname, 'guest')

/** Where things lie, once they are built. */
export const files = {
  wasm: join(cache, 'hello.wasm'),
  esm: join(guest, 'hello.mjs'),
  go: join(cache, 'hello'),
  mortise,
  config: (name: string): string => join(cache, `${name}.json`),
} as const

/** Compiles the actions, and Mortise as it is published: what a checkout runs is read as TypeScript first. */
export async function prepare(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const { wasm } = await build(join(guest, 'hello.ts'))
  writeFileSync(files.wasm, wasm)
  compileMortise()
  try {
    execFileSync('go', ['build', '-o', files.go, join(guest, 'hello.go')], {
      env: { ...process.env, GO111MODULE: 'off' },
    })
  } catch (error) {
    console.error(`no program in Go: ${String(error)}`)
  }
}

/** The action, as nobody has seen it, in 20 KB. */
export const unseen = (n: number): Uint8Array => padded(readFileSync(files.wasm), n)

/** A module that nobody has seen, of 20 KB: a custom section fills it up. */
export function padded(wasm: Uint8Array, n: number): Uint8Array {
  const size = 20_000 - wasm.length - 4
  if (size < 16) throw new Error(`the module alone takes ${wasm.length} bytes`)
  const content = Buffer.alloc(size)
  content.write('\u0004pads')
  content.writeDoubleLE(n + performance.now(), 5)
  return Buffer.concat([wasm, Buffer.from([0, (size & 127) | 128, ((size >> 7) & 127) | 128, size >> 14]), content])
}
