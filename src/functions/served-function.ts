import type { CodeRuntime } from '../code/code.ts'
import { MortiseError } from '../errors.ts'
import type { Stats } from '../stats.ts'
import type { Activation, ActivationLog } from './activation-log.ts'
import type { ParsedLimits } from './options.ts'
import type { Version } from './version.ts'

/** A function that is served under a name. */
export interface ServedFunction {
  readonly name: string
  /** SHA-256 of the code that is live, in hexadecimal. */
  readonly digest: string
  readonly runtime: CodeRuntime
  /**
   * Runs one activation.
   *
   * @param request - JSON: `{"value":…}` with the parameters, and whatever else the function may know of this activation
   * @param activation - its identifier, for the lines that it writes
   * @param options - `deadline`: when it has to have ended, in milliseconds since 1970
   * @returns the answer as the function wrote it, unchecked
   */
  run(request: string, activation: string, options?: { readonly deadline?: number }): Promise<string>
  stats(): Stats
}

/** The function as it is kept. */
export class LiveFunction implements ServedFunction {
  readonly name: string
  readonly #log: ActivationLog
  #version: Version
  #limits: ParsedLimits
  #running = 0

  constructor(name: string, version: Version, limits: ParsedLimits, log: ActivationLog) {
    this.name = name
    this.#version = version
    this.#limits = limits
    this.#log = log
  }

  get digest(): string {
    return this.#version.digest
  }

  get runtime(): CodeRuntime {
    return this.#version.runtime
  }

  async run(request: string, id: string): Promise<string> {
    if (this.#running >= this.#limits.concurrency + this.#limits.queue)
      throw new MortiseError('QUEUE_FULL', `Cannot run function '${this.name}': too many activations wait`)
    const activation: Activation = { id, ended: false }
    this.#running++
    try {
      return await this.#log.run(activation, () => this.#version.main(request))
    } finally {
      activation.ended = true
      this.#running--
    }
  }

  stats(): Stats {
    return this.#version.stats()
  }

  /** From now on this version runs; the one before finishes what it has begun. */
  use(version: Version, limits: ParsedLimits): void {
    void this.#version.close()
    this.#version = version
    this.#limits = limits
  }

  async close(): Promise<void> {
    await this.#version.close()
  }
}
