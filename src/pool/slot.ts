import type { Instance, Kind } from '../runtime.ts'

/** A hook of any contract: who took the types away knows them, and who calls it through the contract's type has them again. */
export type Hook = (...args: unknown[]) => unknown

/** An instance with its hooks, in the order of the contract. */
export interface Slot {
  readonly instance: Pick<
    Instance<Kind>,
    'ready' | 'stale' | 'calls' | 'close' | 'within' | 'abandon' | 'lease' | 'handOver'
  >
  readonly hooks: readonly Hook[]
}

/** Stands where there is no instance: whoever wants to call has to take one. */
export const vacant: Slot['instance'] = Object.freeze({ ready: false, stale: true, calls: 0, close() {} })
