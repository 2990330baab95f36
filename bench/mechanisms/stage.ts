import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { make } from '../../examples/users/build.ts'
import { rows } from '../../examples/users/rows.ts'
import type { Size } from './work.ts'

const cache = join(import.meta.dirname, '../.cache/users')
const files: Readonly<Record<keyof typeof make, readonly [string, ...string[]]>> = {
  wasm: ['users.wasm'],
  esm: ['module.ts', 'directory.ts', 'user.ts', 'users.json'],
  native: ['users.so'],
  go: ['users'],
  node: ['program.ts', 'module.ts', 'directory.ts', 'user.ts', 'users.json'],
}

const folder = (name: keyof typeof make, size: Size): string => join(cache, name, String(size))

/** Where a guest of the example lies. */
export const guest = (name: keyof typeof make, size: Size): string => join(folder(name, size), files[name][0])

/** How many bytes it has, with what it reads beside it. */
export function guestSize(name: keyof typeof make): number {
  return files[name].reduce((sum, file) => sum + statSync(join(dirname(guest(name, 4)), file)).size, 0)
}

/** The version of the Go that is on this machine, if one is. */
export const goVersion: string | undefined = findGo()
export const hasGo: boolean = goVersion !== undefined

/** Builds the guests with 4 and with 1,000 users. */
export async function buildGuests(): Promise<void> {
  for (const name of ['wasm', 'esm', 'native', 'node'] as const)
    for (const size of [4, 1000] as const) await make[name](rows(size), folder(name, size))
  if (hasGo) for (const size of [4, 1000] as const) await make.go(rows(size), folder('go', size))
}

function findGo(): string | undefined {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
