import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

/**
 * Reads a guest's clock: 0 is the real time, 1 the monotonic one. CPU time of the process (2) and the thread (3) is the
 * monotonic one too: it never runs backwards either, and the host does not measure a guest apart.
 *
 * @returns nanoseconds, or `undefined` for a clock that does not exist
 */
export function readClock(host: WasiHost, id: number): bigint | undefined {
  if (id === 0) return host.now()
  return id === 1 || id === 2 || id === 3 ? host.monotonic() : undefined
}

/** `clock_time_get` and `clock_res_get`. */
export function clock(host: WasiHost): Record<'clock_time_get' | 'clock_res_get', (...args: never[]) => number> {
  return {
    clock_time_get(id: number, _precision: bigint, result: number): number {
      if (id >>> 0 > 3) return errno.inval
      if (!inMemory(host, result, 8)) return errno.fault
      host.view().setBigUint64(result >>> 0, readClock(host, id) ?? 0n, true)
      return errno.success
    },
    clock_res_get(id: number, result: number): number {
      if (id >>> 0 > 3) return errno.inval
      if (!inMemory(host, result, 8)) return errno.fault
      // The real time may come from `Date.now()`, which counts milliseconds.
      host.view().setBigUint64(result >>> 0, id === 0 ? 1_000_000n : 1n, true)
      return errno.success
    },
  }
}
