import assert from 'node:assert/strict'
import type { PluggedBench, Unit } from '../support/wat.ts'
import { type Change, invoke, size } from './tracked-changes.ts'

/** The bytes themselves, read behind the back of what keeps track. */
export function bytesOf({ exports }: Unit): Uint8Array {
  assert(exports['memory'] instanceof WebAssembly.Memory)
  return new Uint8Array(exports['memory'].buffer)
}

/** Everything that can be seen of the guest. */
export function observe(plugged: Pick<PluggedBench, 'use'>): unknown {
  return plugged.use((unit) => {
    const { exports } = unit
    const memory = bytesOf(unit)
    assert(exports['table'] instanceof WebAssembly.Table)
    const table = exports['table']
    const entries = Array.from({ length: table.length }, (_, index) => {
      const entry: unknown = table.get(index)
      return typeof entry === 'function' ? entry.name : entry
    })
    const beyond = memory.subarray(size).findIndex((byte) => byte !== 0)
    const second = new BigInt64Array(8192)
    for (const index of second.keys()) {
      const value = invoke(unit, 'second', index * 8)
      if (typeof value === 'bigint') second[index] = value
    }
    return {
      memory: Buffer.from(memory.subarray(0, size)).toString('latin1'),
      beyond,
      size: invoke(unit, 'size'),
      state: invoke(unit, 'state'),
      entries,
      second: Buffer.from(second.buffer).toString('latin1'),
    }
  })
}

/** Makes changes inside one call. */
export function change(plugged: Pick<PluggedBench, 'use'>, changes: readonly (readonly [string, Change])[]): void {
  plugged.use((unit) => {
    for (const [, run] of changes) {
      try {
        run(unit)
      } catch (error) {
        assert(error instanceof Error && !(error instanceof assert.AssertionError))
      }
    }
  })
}
