import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import wabt from 'wabt'
import { type Filled, filled } from './cases.ts'

const cache = join(import.meta.dirname, '../.cache')
const collector = join(cache, 'collector.wasm')
const pageSize = 65_536

/** The guest of the rows that fill no memory. */
const usual: Omit<Filled, 'name' | 'does'> = { pages: 3, part: 0 }

/** Assembles the guests, once for all processes. */
export async function buildGuests(): Promise<void> {
  const tools = await wabt()
  const text = readFileSync(join(import.meta.dirname, 'guest/extension.wat'), 'utf8')
  mkdirSync(cache, { recursive: true })
  for (const one of [usual, ...filled]) {
    const touched = Math.floor((one.pages - 2) * one.part) * pageSize
    const written = text.replaceAll('@PAGES', String(one.pages)).replaceAll('@TOUCHED', String(touched))
    const module = tools.parseWat('extension.wat', written, { bulk_memory: true })
    module.validate()
    writeFileSync(fileOf(one), module.toBinary({ write_debug_names: true }).buffer)
  }
  const { wasm } = await build(join(import.meta.dirname, 'guest/collector'), {
    contract: 'extension',
    gc: 'incremental',
  })
  writeFileSync(collector, wasm)
}

/** A guest that collects its own garbage. */
export const collectingGuest = (): Uint8Array => readFileSync(collector)

/** The guest's bytes. */
export const guest = (of: Omit<Filled, 'name' | 'does'> = usual): Uint8Array => readFileSync(fileOf(of))

const fileOf = ({ pages, part }: Omit<Filled, 'name' | 'does'>): string =>
  join(cache, `extension-${pages}-${Math.round(part * 100)}.wasm`)
