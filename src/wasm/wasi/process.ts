import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

/** The functions on the program as a whole: ending it, yielding, and randomness. */
export function program(host: WasiHost): Record<string, (...args: never[]) => unknown> {
  return {
    proc_exit: (code: number): never => host.exit(code >>> 0),
    // Signals exist nowhere in WASI: a program that raises one falls back to its own `abort`, which traps.
    proc_raise: () => errno.nosys,
    // There is nothing to yield to: the guest has the thread to itself for the time of its call.
    sched_yield: () => errno.success,
    random_get(bytes: number, length: number): number {
      const size = length >>> 0
      if (!inMemory(host, bytes, size)) return errno.fault
      if (size > 0) host.random(host.bytes().subarray(bytes >>> 0, (bytes >>> 0) + size))
      return errno.success
    },
  }
}
