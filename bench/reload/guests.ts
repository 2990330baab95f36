import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import { compileMortise } from '../harness/compiled.ts'

const cache = join(import.meta.dirname, '../.cache/reload')

/** A hello world in AssemblyScript, compiled. */
export const guest: string = join(cache, 'hello.wasm')

export async function prepare(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const { wasm } = await build(join(import.meta.dirname, '../actions/guest/hello.ts'))
  writeFileSync(guest, wasm)
  compileMortise()
}
