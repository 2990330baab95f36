import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'
import { buildGuests } from '../engine/guests.ts'

const cache = join(import.meta.dirname, '../.cache')
const sizes = [0, 1, 32, 128, 1600] as const

/** How many pages of 64 KiB a guest begins with: 64 KiB, 2 MiB, 8 MiB, 100 MiB; 0 for one page and no way to grow. */
export type Size = (typeof sizes)[number]

const file = (pages: Size): string => join(cache, `state-${pages}.wasm`)

/** The guest in each size, and those of the suite `engine`, of which Extism's is used. */
export async function buildState(): Promise<void> {
  await buildGuests()
  const tools = await wabt()
  const text = readFileSync(join(import.meta.dirname, 'guest/state.wat'), 'utf8')
  mkdirSync(cache, { recursive: true })
  for (const pages of sizes) {
    const sized = text.replace('@pages)', `${pages === 0 ? 1 : pages})`)
    const module = tools.parseWat('state.wat', pages === 0 ? fixed(sized) : sized, {})
    writeFileSync(file(pages), module.toBinary({ write_debug_names: true }).buffer)
  }
}

/** The same guest where it cannot even ask for memory. */
function fixed(text: string): string {
  const refuse = '(func $grow (param i32) (result i32) (i32.const -1))\n'
  const without = text.replaceAll('(memory.grow', '(call $grow').replaceAll('(memory.size)', '(i32.const 1)')
  return without.replace('(global', `${refuse} (global`)
}

/** The bytes of a guest that was built. */
export function state(pages: Size): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(file(pages)))
}
