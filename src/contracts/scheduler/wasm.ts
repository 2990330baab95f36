import type { Binding, LeaseSteps } from '../../contract.ts'
import type { Instance } from '../../runtime.ts'
import type { Attempt } from './attempt.ts'
import { defaultEvents } from './events.ts'
import type { SchedulerHooks } from './hooks.ts'
import type { ParsedSchedulerOptions } from './options.ts'
import type { SchedulerValues } from './values.ts'
import { exportedHooks, problemsOf, strictProblemsOf } from './wasm-check.ts'
import { Cycle } from './wasm-cycle.ts'
import { hostFunctions } from './wasm-functions.ts'
import { guestHooks } from './wasm-hooks.ts'
import { Buffers } from './wasm-memory.ts'
import { strictHooks, strictLoading } from './wasm-strict.ts'

/** Scheduler plugins as WebAssembly modules: every hook is an export without parameters, and what it works on comes through imports. */
export function schedulerOnWasm(options: ParsedSchedulerOptions): Binding<SchedulerHooks, 'wasm', 'sync'> & {
  readonly values: (instance: Instance<'wasm'>) => SchedulerValues
  readonly leases: LeaseSteps<'wasm', Attempt>
} {
  const cycles = new WeakMap<Instance<'wasm'>, Cycle>()
  const cycleOf = (instance: Instance<'wasm'>): Cycle => {
    const cycle = cycles.get(instance)
    if (cycle === undefined) throw new TypeError('The instance was made without the imports of this contract')
    return cycle
  }
  const { strict, args } = options
  return {
    mode: 'sync',
    args,
    check: strict ? strictProblemsOf : problemsOf,
    ...(strict && { reword: strictLoading }),
    imports: (instance) => {
      const cycle = new Cycle()
      cycles.set(instance(), cycle)
      const buffers = new Buffers(() => instance().unit.memory, strict)
      return hostFunctions({ options, cycle, buffers, log: (level, text) => instance().unit.log(level, text) })
    },
    bind(instance) {
      const cycle = cycleOf(instance)
      const hooks = guestHooks(instance, cycle)
      return strict ? strictHooks(hooks, cycle) : hooks
    },
    leases: {
      begin: (instance, attempt) => cycleOf(instance).begin(attempt),
      end: (instance) => cycleOf(instance).end(),
    },
    values(instance) {
      const hooks = exportedHooks(Object.keys(instance.unit.exports))
      const events = hooks.includes('enqueue') ? guestHooks(instance, cycleOf(instance)).enqueue() : []
      return { hooks, events: events.length === 0 ? defaultEvents : events }
    },
  }
}
