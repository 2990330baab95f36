import { Buffer } from 'node:buffer'
import type { Diagnostic } from '../../src/errors.ts'
import { assemblyscript, type AssemblyScriptHost } from '../../src/wasm/assemblyscript.ts'
import { call } from './imports.ts'

/** The size of a fake guest's memory. */
export const size = 65_536

/** What the fake's `abort` throws. */
export class Aborted extends Error {
  readonly diagnostic: Diagnostic

  constructor(diagnostic: Diagnostic) {
    super('aborted')
    this.diagnostic = diagnostic
  }
}

/** What the fake's `exit` throws. */
export class Exited extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super('exited')
    this.exitCode = exitCode
  }
}

/** A host whose clock moves 1.5 ms at every reading. */
export class FakeHost implements AssemblyScriptHost {
  readonly lines: string[] = []
  readonly #memory = new Uint8Array(size)
  time = 2_000_000_000n

  bytes(): Uint8Array {
    return this.#memory
  }

  view(): DataView {
    return new DataView(this.#memory.buffer)
  }

  log(level: string, message: string): void {
    this.lines.push(`${level} ${message}`)
  }

  now(): bigint {
    return 1_234_567_890n
  }

  monotonic(): bigint {
    return (this.time += 1_500_000n)
  }

  random(bytes: Uint8Array): void {
    bytes.fill(0xff)
  }

  abort(diagnostic: Diagnostic): never {
    throw new Aborted(diagnostic)
  }

  exit(code: number): never {
    throw new Exited(code)
  }

  /** Puts a string as AssemblyScript lays it out and returns its pointer. */
  string(at: number, text: string): number {
    const bytes = Buffer.from(text, 'utf16le')
    this.view().setUint32(at, bytes.length, true)
    this.#memory.set(bytes, at + 4)
    return at + 4
  }
}

/** A fresh guest, whose functions are called by name. */
export function setUp(): { host: FakeHost; run: (name: string, ...args: unknown[]) => unknown } {
  const host = new FakeHost()
  const functions = assemblyscript(host)
  return { host, run: (name, ...args) => call(functions, name, args) }
}
