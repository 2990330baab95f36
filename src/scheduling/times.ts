import type { SchedulerHook } from '../contracts/scheduler/hooks.ts'
import type { HookCall } from './member.ts'

/** How long a plugin took in one extension point. */
export interface HookTime {
  readonly plugin: string
  readonly hook: SchedulerHook
  readonly calls: number
  /** Of all calls. */
  readonly milliseconds: number
  /** Of the slowest call. */
  readonly slowest: number
}

/** Adds up calls, each plugin's hooks in the order of their first call. */
export class Times {
  readonly #times = new Map<
    string,
    { plugin: string; hook: SchedulerHook; calls: number; milliseconds: number; slowest: number }
  >()

  add({ plugin, hook, milliseconds }: HookCall): void {
    this.addAll({ plugin, hook, calls: 1, milliseconds, slowest: milliseconds })
  }

  /** Calls that were added up already. */
  addAll({ plugin, hook, calls, milliseconds, slowest }: HookTime): void {
    const key = `${plugin} ${hook}`
    const time = this.#times.get(key) ?? { plugin, hook, calls: 0, milliseconds: 0, slowest: 0 }
    time.calls += calls
    time.milliseconds += milliseconds
    time.slowest = Math.max(time.slowest, slowest)
    this.#times.set(key, time)
  }

  all(): readonly HookTime[] {
    return Array.from(this.#times.values(), (time) => ({ ...time }))
  }
}
