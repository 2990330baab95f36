import type { HookSteps } from '../units.ts'

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

/**
 * Puts a bracket around a hook that calls one function of the guest, which takes and gives nothing.
 *
 * @param call - the function with what every call begins and ends with
 */
export function exported<A>(
  name: string,
  hook: HookSteps<A>,
  call: () => number,
  around: ExportBracket,
): (input: A) => void {
  const attempt = (input: A, again: boolean): number => {
    hook.begin(input, again)
    try {
      const result = call()
      hook.commit()
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
