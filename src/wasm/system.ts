import { randomFillSync } from 'node:crypto'
import { checkKeys, checkOption } from '../options.ts'

/** What a guest sees of the world outside: replace a part to make its runs repeatable. */
export interface System {
  /** Nanoseconds since 1970. Default: the real clock. */
  now(): bigint
  /** Nanoseconds since a point that never moves. Default: the process's monotonic clock. */
  monotonic(): bigint
  /** Fills the bytes. Default: cryptographic randomness. */
  random(bytes: Uint8Array): void
  /** Waits, in milliseconds; the limit `sleep` is checked before. Default: blocks the thread, until the deadline at most. */
  sleep(milliseconds: number): void
}

const never = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the calling thread. */
export function sleep(milliseconds: number): void {
  Atomics.wait(never, 0, 0, milliseconds)
}

const real: System = {
  now: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1000n,
  monotonic: () => process.hrtime.bigint(),
  random(bytes) {
    randomFillSync(bytes)
  },
  sleep,
}

/** Completes a system with the real one. Fails with `OPTION_UNKNOWN` or `OPTION_INVALID`. */
export function parseSystem(given: Partial<System>): System {
  checkKeys(given, Object.keys(real), "the 'system' of wasm()")
  for (const [name, part] of Object.entries(given)) {
    checkOption(name, part, typeof part === 'function', 'a function')
  }
  return Object.freeze({ ...real, ...given })
}
