import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import wabt from 'wabt'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'bench/.cache')
const example = join(root, 'examples/scheduler/node-number/guest')

/** Makes the guests that every machine has, and Mortise as it is published, for loads in fresh processes. */
export async function buildGuests(): Promise<void> {
  const tools = await wabt()
  const text = readFileSync(join(import.meta.dirname, 'guest/number.wat'), 'utf8')
  mkdirSync(cache, { recursive: true })
  writeFileSync(own.path, tools.parseWat('number.wat', text, {}).toBinary({ write_debug_names: true }).buffer)
  execFileSync(process.execPath, [join(root, 'tools/build.ts')], { cwd: root, stdio: 'ignore' })
  writeFileSync(tenon.path, (await build(example, { contract: 'scheduler' })).wasm)
}

/** A guest, and the arguments that it is started with. */
export interface Guest {
  readonly path: string
  readonly args: readonly string[]
}

/** The guest in the text format. */
export const own: Guest = { path: join(cache, 'number.wasm'), args: [] }

/** The example of the SDK. */
export const tenon: Guest = { path: join(cache, 'node-number.wasm'), args: [] }

/** The guest of the command line: `<file>`, or `<file>,<argument>,…`. */
export function given(): Guest | undefined {
  const [path, ...args] = process.env['MORTISE_BENCH_GUEST']?.split(',') ?? []
  return path === undefined ? undefined : { path, args }
}
