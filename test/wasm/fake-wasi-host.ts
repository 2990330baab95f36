import { Descriptors } from '../../src/wasm/wasi/descriptors.ts'
import type { WasiHost } from '../../src/wasm/wasi/host.ts'
import { wasi } from '../../src/wasm/wasi/wasi.ts'
import { call } from './imports.ts'

/** The size of a fake guest's memory. */
export const size = 65_536

const margin = 4096
const canary = 0xa5

/** What the fake's `exit` throws. */
export class Exited extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit ${exitCode}`)
    this.exitCode = exitCode
  }
}

/**
 * A host over a piece of memory that lies between two margins, so that a write outside it is seen and not lost. Its clocks
 * stand still: 1 s since 1970, and 2 s.
 */
export class FakeWasiHost implements WasiHost {
  args: readonly string[] = ['guest', 'ä']
  env: Readonly<Record<string, string>> = { HOME: '/', EMPTY: '' }
  readonly written: { readonly stream: 'stdout' | 'stderr'; readonly text: string }[] = []
  readonly slept: number[] = []
  readonly #all: Uint8Array
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: number = size) {
    this.#all = new Uint8Array(bytes + 2 * margin).fill(canary)
    this.#bytes = this.#all.subarray(margin, margin + bytes).fill(0)
    this.#view = new DataView(this.#all.buffer, margin, bytes)
  }

  bytes(): Uint8Array {
    return this.#bytes
  }

  mark(): void {}
  view(): DataView {
    return this.#view
  }

  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    this.written.push({ stream, text: new TextDecoder().decode(bytes) })
  }

  /** What is left of standard input. */
  input: Uint8Array = new Uint8Array(0)

  get left(): number {
    return this.input.length
  }

  read(bytes: Uint8Array): number {
    const part = this.input.subarray(0, bytes.length)
    bytes.set(part)
    this.input = this.input.subarray(part.length)
    return part.length
  }

  now(): bigint {
    return 1_000_000_000n
  }

  monotonic(): bigint {
    return 2_000_000_000n
  }

  random(bytes: Uint8Array): void {
    bytes.fill(7)
  }

  sleep(milliseconds: number): void {
    this.slept.push(milliseconds)
  }

  exit(code: number): never {
    throw new Exited(code)
  }

  /** Whether nothing was written before or after the memory. */
  marginsIntact(): boolean {
    const end = margin + this.#bytes.length
    return (
      this.#all.subarray(0, margin).every((byte) => byte === canary) &&
      this.#all.subarray(end).every((byte) => byte === canary)
    )
  }

  /** Puts 32-bit numbers one after the other into memory. */
  put(at: number, ...values: readonly number[]): void {
    for (const [index, value] of values.entries()) this.#view.setUint32(at + index * 4, value, true)
  }

  /** Reads one 32-bit number. */
  u32(at: number): number {
    return this.#view.getUint32(at, true)
  }

  /** Reads one 64-bit number. */
  u64(at: number): bigint {
    return this.#view.getBigUint64(at, true)
  }

  /** Reads text up to the zero byte that ends it. */
  text(at: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(at, this.#bytes.indexOf(0, at)))
  }
}

/** A fresh guest, whose functions are called by name. */
export function setUp(): {
  host: FakeWasiHost
  descriptors: Descriptors
  run: (name: string, ...args: unknown[]) => unknown
} {
  const host = new FakeWasiHost(size)
  const descriptors = new Descriptors()
  const functions = wasi(host, descriptors)
  return { host, descriptors, run: (name, ...args) => call(functions, name, args) }
}
