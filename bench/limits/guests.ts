import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildState } from '../restore/guests.ts'

const folder = join(import.meta.dirname, 'guest')
const file = join(import.meta.dirname, '../.cache/kernels.wasm')

/** The kernels by the compiler itself, as `mortise/build` calls it, which only builds guests of a contract. */
export async function buildKernels(): Promise<void> {
  await buildState()
  mkdirSync(join(file, '..'), { recursive: true })
  const compiler = fileURLToPath(new URL('../bin/asc.js', import.meta.resolve('assemblyscript/asc')))
  const options = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--runtime', 'stub', '--debug']
  execFileSync(process.execPath, [compiler, 'kernels.ts', '--outFile', file, ...options], { cwd: folder })
}

/** The bytes of the kernels. */
export function kernels(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(file))
}

/** A kernel: its export, how much work a run does, and the checksum, where it is known without running the kernel. */
export interface Kernel {
  readonly name: string
  readonly does: string
  readonly work: number
  readonly checksum?: number
}

const bytes = 65_536
const digest = createHash('sha256').update(Uint8Array.from({ length: bytes }, (_, index) => index))

/** The kernels, each with work for a few hundred microseconds. */
export const all: readonly Kernel[] = [
  { name: 'sort', does: 'Quicksort of 5,000 integers.', work: 5000 },
  { name: 'sieve', does: 'The primes below 200,000.', work: 200_000, checksum: 17_984 },
  { name: 'strings', does: 'A string put together from 300 pieces, each time a new one.', work: 300 },
  { name: 'sha256', does: 'SHA-256 of 64 KiB.', work: bytes, checksum: digest.digest().readInt32BE() },
  { name: 'parse', does: 'A tree of objects from 500 characters of JSON, 100 times.', work: 100 },
  { name: 'fib', does: 'The 24th Fibonacci number, recursively.', work: 24, checksum: 46_368 },
  { name: 'matrix', does: 'Two matrices of 64 × 64 numbers multiplied.', work: 64 },
  { name: 'scan', does: 'Line breaks counted in 256 KiB.', work: 262_144, checksum: 2622 },
]
