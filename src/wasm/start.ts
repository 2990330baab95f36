import { MortiseError, reasonOf } from '../errors.ts'
import type { CallLimits, Ending } from './call-limits.ts'
import { wasmFunction } from './function.ts'
import { hidden } from './rewrite/names.ts'
import type { Usage } from './usage.ts'

/** What an instance is started with: calls of it are held to its limits, and what they end by is put into words. */
export interface StartSteps {
  readonly callLimits: CallLimits
  readonly usage: Usage
  ending(thrown: unknown): Ending
  error(hook: string, ending: Ending): MortiseError
}

/** Makes what takes memory. @throws MortiseError `INSTANCE_FAILED` where there is none */
export function withRoom<T>(plugin: string, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (MortiseError.is(cause)) throw cause
    throw new MortiseError('INSTANCE_FAILED', `Cannot make an instance of plugin '${plugin}': ${reasonOf(cause)}`, {
      plugin,
      cause,
    })
  }
}

/**
 * The start function, then what a reactor or a command calls first. A guest that exits with 0 did what it should.
 *
 * @param command - `_start` is called by hooks
 */
export function initialise(exports: WebAssembly.Exports, steps: StartSteps, command: boolean): void {
  const first = '_initialize' in exports ? '_initialize' : '_start'
  for (const name of [hidden.start, first]) {
    if (typeof exports[name] !== 'function' || (command && name === '_start')) continue
    const error = run(name === hidden.start ? 'start' : name, wasmFunction(exports, name), steps)
    if (error !== undefined && error.details.exitCode !== 0) throw error
  }
}

/** What the contract does with a guest that initialised itself. */
export function initialiseFurther(call: () => void, steps: StartSteps): void {
  const error = run('initialise', call, steps)
  if (error !== undefined) throw error
}

/** Calls a function of the initialisation; why it failed, where it did not just return. */
function run(name: string, call: () => unknown, steps: StartSteps): MortiseError | undefined {
  const ending = endingOf(call, steps)
  const error = ending && steps.error(name, ending)
  steps.usage.end()
  return error
}

function endingOf(call: () => unknown, steps: StartSteps): Ending | undefined {
  const { callLimits, usage } = steps
  callLimits.begin()
  try {
    call()
  } catch (thrown) {
    return steps.ending(thrown)
  }
  callLimits.end()
  const thrown = usage.takeCause()
  return thrown && { thrown, refused: false }
}
