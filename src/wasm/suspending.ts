import type { SuspendingHook } from '../units.ts'
import type { CallSuspension, Segments } from './suspension.ts'

/** What happens around every call of a hook that may be suspended. */
export interface SuspendingBracket {
  readonly ready: boolean
  stale: boolean
  readonly suspension: CallSuspension
  /** A call begins. */
  enter(): void
  /** An attempt at it begins. @param wait - milliseconds that it may be suspended in all */
  attempt(wait: number): void
  /** The call ended well. */
  leaveLate(name: string): void
  /** It failed: throws, unless the instance was restored for another attempt. */
  recoverLate(name: string, thrown: unknown, segments: Segments, last: boolean): void
  /** The call is over, and another one may begin. */
  over(): void
}

/** Puts a bracket around a hook whose guest may be suspended. Its promise settles once the instance is as new. */
export function suspending<A>(
  name: string,
  hook: SuspendingHook<A>,
  wait: number,
  around: SuspendingBracket,
): (input: A) => Promise<void> {
  const { suspension } = around
  const run = (input: A, again: boolean): Promise<unknown> => {
    around.attempt(wait)
    try {
      hook.begin(input, again)
      return hook.run()
    } catch (thrown) {
      // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
      return Promise.reject(thrown)
    } finally {
      suspension.returned()
    }
  }
  /** The attempt is over: another one, where there has to be. */
  const end = (
    input: A,
    last: boolean,
    failure: { readonly thrown: unknown } | undefined,
  ): Promise<void> | undefined => {
    let again = false
    try {
      const segments = suspension.settled()
      // A guest that catches why it was ended has ended nonetheless.
      const failed = failure ?? suspension.failure ?? committed(hook)
      hook.end()
      if (failed === undefined) around.leaveLate(name)
      else {
        around.recoverLate(name, failed.thrown, segments, last)
        again = true
      }
    } finally {
      if (!again) {
        around.stale ||= !around.ready
        around.over()
      }
    }
    return again ? attempt(input, true) : undefined
  }
  // The call under way, of which an instance has one: closures for each would cost more than this.
  let under: { readonly input: A; readonly last: boolean } | undefined
  const over = (failure: { readonly thrown: unknown } | undefined): Promise<void> | undefined => {
    const { input, last } = under ?? noCall()
    under = undefined
    return end(input, last, failure)
  }
  const resolved = (): Promise<void> | undefined => over(undefined)
  const rejected = (thrown: unknown): Promise<void> | undefined => over({ thrown })
  const attempt = (input: A, last: boolean): Promise<void> => {
    under = { input, last }
    return run(input, last).then(resolved, rejected)
  }
  return (input) => {
    around.enter()
    return attempt(input, false)
  }
}

function noCall(): never {
  throw new TypeError('No call is under way')
}

function committed<A>(hook: SuspendingHook<A>): { readonly thrown: unknown } | undefined {
  try {
    hook.commit(nothing)
    return undefined
  } catch (thrown) {
    return { thrown }
  }
}

/** Hooks that may be suspended give nothing. */
const nothing = Object.freeze({ low: 0, high: 0 })
