import { type ErrorCode, MortiseError } from '../errors.ts'
import type { Turns } from './turns.ts'
import type { Place, Version } from './version.ts'

/** What happened on a function since it was first deployed. */
export interface FunctionStats {
  /** Activations that have ended, however they did. */
  readonly activations: number
  /** Activations that run, and that wait for their turn. */
  readonly running: number
  readonly waiting: number
  /** Failed activations, refused ones too, by the code of their error. */
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>
  readonly lastError: MortiseError | undefined
  /** How often it was deployed. */
  readonly deployments: number
  /** Where its activations run at present: WebAssembly that takes long moves to a thread. */
  readonly place: Place
}

/** Counts what happens on a function. */
export class FunctionMeter {
  activations = 0
  deployments = 1
  #lastError: MortiseError | undefined
  readonly #errors = new Map<ErrorCode, number>()

  failed(error: unknown): void {
    if (!MortiseError.is(error)) return
    this.#lastError = error
    this.#errors.set(error.code, (this.#errors.get(error.code) ?? 0) + 1)
  }

  stats({ place }: Pick<Version<never, unknown>, 'place'>, { running, waiting }: Turns): FunctionStats {
    const { activations, deployments } = this
    const errors = Object.freeze(Object.fromEntries(this.#errors))
    return Object.freeze({ activations, running, waiting, errors, lastError: this.#lastError, deployments, place })
  }
}
