import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import wabt from 'wabt'

const cache = join(import.meta.dirname, '../.cache')
const file = join(cache, 'extension.wasm')

/** Assembles the guest, once for all processes. */
export async function buildGuest(): Promise<void> {
  const tools = await wabt()
  const text = readFileSync(join(import.meta.dirname, 'guest/extension.wat'), 'utf8')
  const module = tools.parseWat('extension.wat', text)
  module.validate()
  mkdirSync(cache, { recursive: true })
  writeFileSync(file, module.toBinary({ write_debug_names: true }).buffer)
}

/** The guest's bytes. */
export const guest = (): Uint8Array => readFileSync(file)
