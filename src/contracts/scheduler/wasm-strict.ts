import { type ErrorCode, type GuestFrame, MortiseError, reasonOf } from '../../errors.ts'
import type { SchedulerHooks } from './hooks.ts'
import type { Cycle } from './wasm-cycle.ts'

export function strictHooks(hooks: SchedulerHooks, cycle: Cycle): SchedulerHooks {
  return hooks
}
export function strictLoading(error: MortiseError): MortiseError {
  return error
}
