import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const cache = join(import.meta.dirname, '../.cache')

/** Where the library lies for those who load it by hand. */
export const path: string = join(cache, 'users.so')

/** Compiles the library by the C compiler of this machine. */
export async function buildLibrary(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const header = join(import.meta.dirname, '../../native')
  const source = join(import.meta.dirname, 'guest/users.c')
  execFileSync('cc', ['-O2', '-fPIC', '-shared', `-I${header}`, source, '-o', path])
}

/** The bytes of the library, followed by a number, which makes another library of it. */
export function library(number = 0): Uint8Array<ArrayBuffer> {
  const bytes = readFileSync(path)
  const tail = Buffer.alloc(8)
  tail.writeUint32LE(number)
  return Uint8Array.from(Buffer.concat([bytes, tail]))
}
