import type { CodeRuntime, ReadyCode } from '../code/code.ts'
import type { ParsedLimits } from './options.ts'
import type { Version } from './version.ts'

/** A version, with what it was made of, so that it can be loaded again. */
export interface Release<Q, A> {
  readonly number: number
  readonly code: SharedCode
  readonly limits: ParsedLimits
  readonly version: Version<Q, A>
}

/** Code that versions are loaded from, one after another: what was written for it goes with the last of them. */
export class SharedCode {
  readonly #code: ReadyCode
  #users = 0

  constructor(code: ReadyCode) {
    this.#code = code
  }

  /** The code for one more version, whose `dispose` gives it back. */
  lend(): ReadyCode {
    this.#users++
    let lent = true
    return {
      ...this.#code,
      dispose: async () => {
        if (!lent) return
        lent = false
        if (--this.#users === 0) await this.#code.dispose()
      },
    }
  }
}

/** A version that is loaded, and not live yet. */
export interface Trial<Q, A> {
  readonly runtime: CodeRuntime
  /**
   * Runs one activation on it, within its deadline.
   *
   * @throws MortiseError as activations do
   */
  run(request: Q, activation: string): Promise<A>
  /**
   * Hands it the state of the live version, where both can. Calls wait from then on until it is live, or refused, when the one before
   * gets its state back.
   *
   * @throws MortiseError `HANDOVER_FAILED`
   */
  handOver(): Promise<void>
}

/** Looks at a version before it is live, and gives it a number. Where it throws, nothing is changed. */
export type Accept<Q, A> = (trial: Trial<Q, A>) => Promise<number>

export function trialOf<Q, A>(
  version: Version<Q, A>,
  { deadline }: ParsedLimits,
  handOver: () => Promise<void>,
): Trial<Q, A> {
  return {
    runtime: version.runtime,
    handOver,
    async run(request, id) {
      const result = version.run({ id, ended: false, kept: undefined }, request, deadline)
      return 'pending' in result ? result.pending : result.answer
    },
  }
}
