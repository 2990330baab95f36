import type { ErrorCode, MortiseError } from './errors.ts'
import type { LiveHook } from './live-hook.ts'
import type { Meter } from './runtime.ts'

/** What happened on a plugin since it was plugged in. */
export interface Stats {
  /** Calls that reached a guest. */
  readonly calls: number
  readonly errors: number
  readonly restores: number
  /** Instances that are live now; 0 before the first call where that makes it, and after it was let go. */
  readonly instances: number
  /** Instances that were made. Where these are hardly fewer than the calls, more should be live at once. */
  readonly starts: number
  /** Units of fuel that all calls burnt, and the last one; 0 where fuel is off. */
  readonly fuel: number
  readonly lastFuel: number
  /** Swaps to another version. */
  readonly swaps: number
  readonly lastError: MortiseError | undefined
  /** Nanoseconds of a call, over the last of every 1,024th call; `undefined` before the first. */
  readonly p50: number | undefined
  readonly p99: number | undefined
  /** The contract's hooks by name. */
  readonly hooks: Readonly<Record<string, HookStats>>
}

/** What happened on one hook of a plugin. */
export interface HookStats {
  /** Calls, also those whose arguments were refused before the guest saw them. */
  readonly calls: number
  /** Failed calls, by the code of their error. */
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>
  /**
   * Seconds of all calls that have ended since the host's `timeCalls()`; `undefined` without it. A promise counts until it settles, so
   * that calls which overlap may come to more than the time that has passed.
   */
  readonly seconds: number | undefined
}

/** How many samples of call times are kept. */
const kept = 1024

/** Counts what happens on a plugin. */
export class PluginMeter implements Meter {
  written = 0
  restores = 0
  starts = 0
  fuel = 0
  lastFuel = 0
  swaps = 0
  #errors = 0
  #lastError: MortiseError | undefined
  readonly #errorsOf = new Map<string, Map<ErrorCode, number>>()
  readonly #samples: number[] = []
  #sampled = 0

  failed(error: MortiseError): void {
    this.#errors++
    this.#lastError = error
    const { hook = '' } = error.details
    const codes = this.#errorsOf.get(hook) ?? new Map<ErrorCode, number>()
    this.#errorsOf.set(hook, codes.set(error.code, (codes.get(error.code) ?? 0) + 1))
  }

  sample(milliseconds: number): void {
    this.#samples[this.#sampled++ % kept] = milliseconds
  }

  /**
   * @param calls - how many there were: the instances count them
   * @param instances - how many are live
   * @param hooks - the contract's, by name
   */
  stats(calls: number, instances: number, hooks: ReadonlyMap<string, Pick<LiveHook, 'calls' | 'time'>>): Stats {
    const { restores, starts, fuel, lastFuel, swaps } = this
    const times = new Float64Array(this.#samples).toSorted()
    const at = (share: number): number | undefined => {
      const time = times[Math.floor(share * (times.length - 1))]
      return time === undefined ? undefined : Math.round(time * 1e6)
    }
    return Object.freeze({
      calls,
      errors: this.#errors,
      restores,
      instances,
      starts,
      fuel,
      lastFuel,
      swaps,
      lastError: this.#lastError,
      p50: at(0.5),
      p99: at(0.99),
      hooks: Object.freeze(Object.fromEntries(Array.from(hooks, ([name, live]) => [name, this.#hook(name, live)]))),
    })
  }

  #hook(name: string, { calls, time }: Pick<LiveHook, 'calls' | 'time'>): HookStats {
    const errors = Object.freeze(Object.fromEntries(this.#errorsOf.get(name) ?? []))
    return Object.freeze({ calls, errors, seconds: time === undefined ? undefined : time / 1000 })
  }
}
