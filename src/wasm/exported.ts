import type { GuestResult, HookSteps } from '../units.ts'
import type { CallLimits } from './call-limits.ts'
import { wasmFunction } from './function.ts'
import { hidden } from './rewrite/names.ts'

/** What happens around every call of a hook that is one function of the guest. */
export interface ExportBracket {
  readonly ready: boolean
  stale: boolean
  /** A call begins; its frame comes and goes with the function. */
  start(): void
  /** It ended well. @param result - what the function's bracket returned */
  finish(name: string, result: number): void
  /** After a throw: throws in its turn, or returns what another attempt gave. */
  retry(name: string, thrown: unknown, again: () => number): number
}

/** A function of the guest with what every call begins and ends with. */
export interface ExportedCall {
  /** @returns what its bracket returned */
  readonly run: () => number
  /** What the function itself returned in the last call of any. */
  readonly result: GuestResult
}

/** Puts a bracket around a hook that calls one function of the guest, which takes nothing. */
export function exported<A>(
  name: string,
  hook: HookSteps<A>,
  { run, result: returned }: ExportedCall,
  around: ExportBracket,
): (input: A) => void {
  const attempt = (input: A, again: boolean): number => {
    hook.begin(input, again)
    try {
      const result = run()
      hook.commit(returned)
      return result
    } finally {
      hook.end()
    }
  }
  return (input) => {
    let result
    around.start()
    try {
      try {
        result = attempt(input, false)
      } catch (thrown) {
        result = around.retry(name, thrown, () => attempt(input, true))
      }
      around.finish(name, result)
    } finally {
      if (!around.ready) around.stale = true
    }
  }
}

/** A function of the guest, with what every call begins and ends with: in one crossing, where the guest itself does that. */
export function callOf(
  name: string,
  exports: WebAssembly.Exports,
  callLimits: CallLimits,
  fresh: boolean,
): ExportedCall {
  const result = { low: 0, high: 0 }
  if (hidden.call(name) in exports && !fresh)
    return { run: wasmFunction(exports, hidden.call(name)), result: callLimits.watchdog?.result ?? result }
  const call: () => unknown = wasmFunction(exports, name)
  const run = (): number => {
    callLimits.begin()
    const returned = call()
    if (typeof returned === 'bigint') {
      result.low = Number(BigInt.asIntN(32, returned))
      result.high = Number(BigInt.asIntN(32, returned >> 32n))
    } else if (typeof returned === 'number') result.low = returned
    return callLimits.end()
  }
  return { run, result }
}
