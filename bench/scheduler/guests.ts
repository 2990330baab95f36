import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'

const file = join(import.meta.dirname, '../.cache/number.wasm')

/** Assembles the guest that every machine has. */
export async function buildGuest(): Promise<void> {
  const tools = await wabt()
  const text = readFileSync(join(import.meta.dirname, 'guest/number.wat'), 'utf8')
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, tools.parseWat('number.wat', text, {}).toBinary({ write_debug_names: true }).buffer)
}

/** A guest, and the arguments that it is started with. */
export interface Guest {
  readonly path: string
  readonly args: readonly string[]
}

/** The guest in the text format. */
export const own: Guest = { path: file, args: [] }

/** The guest of the command line: `<file>`, or `<file>,<argument>,…`. */
export function given(): Guest | undefined {
  const [path, ...args] = process.env['MORTISE_BENCH_GUEST']?.split(',') ?? []
  return path === undefined ? undefined : { path, args }
}
