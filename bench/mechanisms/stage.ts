import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { make } from '../../examples/users/build.ts'
import { rows } from '../../examples/users/rows.ts'
import type { Size } from './work.ts'

const cache = join(import.meta.dirname, '../.cache/users')
const sizes = [4, 1000] as const
const names = { esm: 'module.ts', native: 'users.so', process: 'users', wasm: 'users.wasm' } as const

/** Where the guest of a runtime lies. */
export const guest = (runtime: keyof typeof names, size: Size): string => join(cache, String(size), names[runtime])

/** How many bytes it has. */
export const guestSize = (runtime: keyof typeof names): number => statSync(guest(runtime, 4)).size

/** Builds the guests with 4 and with 1,000 users. */
export async function buildGuests(): Promise<void> {
  for (const size of sizes) for (const build of Object.values(make)) await build(rows(size), join(cache, String(size)))
}

export const text = (path: string): string => readFileSync(path, 'utf8')
