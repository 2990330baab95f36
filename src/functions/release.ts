import type { CodeRuntime, ReadyCode } from '../code/code.ts'
import type { ParsedLimits } from './options.ts'
import type { Version } from './version.ts'

/** A version of a function, with what it was made of, so that it can be loaded again. */
export interface Release {
  readonly number: number
  readonly code: SharedCode
  readonly limits: ParsedLimits
  readonly version: Version
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
export interface Trial {
  readonly runtime: CodeRuntime
  /**
   * Runs one activation on it, within the deadline of its function.
   *
   * @throws MortiseError as `run` of a function
   */
  run(request: string, activation: string): Promise<string>
}

/** Looks at a version before it is live, and gives it a number. Where it throws, nothing is changed. */
export type Accept = (trial: Trial) => Promise<number>

export function trialOf(version: Version, { deadline }: ParsedLimits): Trial {
  return {
    runtime: version.runtime,
    async run(request, id) {
      const result = version.run({ id, ended: false, kept: undefined }, request, deadline)
      return typeof result === 'string' ? result : result.answer
    },
  }
}
