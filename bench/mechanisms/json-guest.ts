import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import { merge } from '../engine/guests.ts'
import { usersJson, type Size } from './work.ts'

const source = join(import.meta.dirname, 'guest/json')
const cache = join(import.meta.dirname, '../.cache')
const name = (size: Size): string => `users-json-${size}`

/** Builds the guest that takes and gives JSON, with a collector, since nobody restores it, and puts Extism's interface before it. */
export async function buildJsonGuests(): Promise<void> {
  for (const size of [4, 1000] as const) {
    const folder = join(cache, 'users', 'json', String(size))
    mkdirSync(folder, { recursive: true })
    cpSync(source, folder, { recursive: true })
    writeFileSync(join(folder, 'rows.ts'), `export const text = ${JSON.stringify(usersJson(size))}\n`)
    const { wasm } = await build(folder, { gc: 'incremental' })
    writeFileSync(join(cache, `${name(size)}.wasm`), wasm)
    merge('extism-adapter', name(size), `extism-${name(size)}`)
  }
}

/** The bytes of the guest for Extism. */
export function jsonGuest(size: Size): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(join(cache, `extism-${name(size)}.wasm`)))
}
