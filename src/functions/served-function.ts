import type { CodeRuntime } from '../code/code.ts'
import type { FunctionStats } from './stats.ts'

/** Options of one activation. */
export interface RunOptions {
  readonly deadline?: number
  readonly began?: ((version: number) => void) | undefined
}

/** A function that is served under a name. */
export interface ServedFunction {
  readonly name: string
  /** SHA-256 of the code that is live, in hexadecimal. */
  readonly digest: string
  readonly runtime: CodeRuntime
  /** The number of the version that is live: from 1 with each deployment, unless whoever deploys it gives it another. */
  readonly version: number
  /**
   * Runs one activation.
   *
   * Its deadline is that of the function, or the `deadline` of the request (milliseconds since 1970, as a number or as text) where that
   * comes first. It counts from here, so with the wait for its turn.
   *
   * @param request - JSON: `{"value":…}` with the parameters, and whatever else the function may know of this activation
   * @param activation - its identifier, for the lines that it writes
   * @param options - `deadline`: when it has to have ended, in milliseconds since 1970, in place of what the request says; `began`:
   *   is told on which version it runs, when it begins
   * @returns the answer as the function wrote it: whoever serves it checks it
   * @throws MortiseError `QUEUE_FULL`, `DEADLINE`, `PLUGIN_UNPLUGGED`, `THREAD_ENDED`, `VERSION_RETIRED`, and what the contract `activation` throws
   */
  run(request: string, activation: string, options?: RunOptions): Promise<string>
  /** What happened since the function was first deployed. */
  stats(): FunctionStats
}
