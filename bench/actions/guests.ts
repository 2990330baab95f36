import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'bench/.cache/actions')
const guest = join(import.meta.dirname, 'guest')

/** Where things lie, once they are built. */
export const files = {
  wasm: join(cache, 'hello.wasm'),
  esm: join(guest, 'hello.mjs'),
  go: join(cache, 'hello'),
  /** The command line, as an installed package has it: compiled. */
  mortise: join(cache, 'mortise.mjs'),
  config: (name: string): string => join(cache, `${name}.json`),
} as const

/** Compiles the actions, and Mortise as it is published: what a checkout runs is read as TypeScript first. */
export async function prepare(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const { wasm } = await build(join(guest, 'hello.ts'))
  writeFileSync(files.wasm, wasm)
  execFileSync(process.execPath, [join(root, 'tools/build.ts')], { cwd: root, stdio: 'inherit' })
  const main = join(root, 'dist/cli/main.js')
  writeFileSync(
    files.mortise,
    `import { main } from ${JSON.stringify(main)}\nprocess.exitCode = await main(process.argv.slice(2))\n`,
  )
  try {
    execFileSync('go', ['build', '-o', files.go, join(guest, 'hello.go')], {
      env: { ...process.env, GO111MODULE: 'off' },
    })
  } catch (error) {
    console.error(`no program in Go: ${String(error)}`)
  }
}

/** A module that nobody has seen, of 20 KB: a custom section fills it up. */
export function unseen(n: number): Uint8Array {
  const wasm = readFileSync(files.wasm)
  const size = 20_000 - wasm.length - 4
  if (size < 16) throw new Error(`the action alone takes ${wasm.length} bytes`)
  const content = Buffer.alloc(size)
  content.write('\u0004pads')
  content.writeDoubleLE(n + performance.now(), 5)
  return Buffer.concat([wasm, Buffer.from([0, (size & 127) | 128, ((size >> 7) & 127) | 128, size >> 14]), content])
}
