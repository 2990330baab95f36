import type { CodeRuntime } from '../code/code.ts'
import type { Activation } from './activation.ts'
import { deadlineOf } from './deadline.ts'
import { Deployment } from './deployment.ts'
import { overran, removed } from './failure.ts'
import type { KeptVersions } from './kept.ts'
import type { Release } from './release.ts'
import { FunctionMeter, type FunctionStats } from './stats.ts'
import { Turns } from './turns.ts'

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

/** The function as it is kept: a live version, and those who wait for a turn. */
export class LiveFunction implements ServedFunction {
  readonly name: string
  readonly #turns: Turns
  readonly #meter = new FunctionMeter()
  /** Deployments that finish what they have begun, until nobody waits for that. */
  readonly #closing = new Set<Promise<void>>()
  readonly #cut = Promise.withResolvers<void>()
  #deployment: Deployment
  #deadline: number
  readonly #kept: KeptVersions
  #open = true

  constructor(name: string, release: Release, kept: KeptVersions) {
    const { deadline, concurrency, queue } = release.limits
    this.name = name
    this.#deployment = new Deployment(release)
    this.#kept = kept
    this.#deadline = deadline
    this.#turns = new Turns(name, concurrency, queue)
  }

  get digest(): string {
    return this.#deployment.release.version.digest
  }

  get runtime(): CodeRuntime {
    return this.#deployment.release.version.runtime
  }

  get version(): number {
    return this.#deployment.release.number
  }

  run(request: string, id: string, { deadline, began }: RunOptions = {}): Promise<string> {
    const until = deadline ?? deadlineOf(request)
    const milliseconds = until === Infinity ? this.#deadline : Math.min(this.#deadline, until - Date.now())
    const activation: Activation = { id, ended: false, kept: undefined }
    if (!this.#open) return Promise.reject(removed(this.name))
    try {
      if (!this.#turns.take()) return this.#wait(activation, request, milliseconds, began)
      const answer = this.#begin(activation, request, milliseconds, began)
      return typeof answer === 'string' ? Promise.resolve(answer) : answer
    } catch (error) {
      // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
      return Promise.reject(error)
    }
  }

  stats(): FunctionStats {
    return this.#meter.stats(this.#deployment.release.version, this.#turns)
  }

  /** A version that was live before, ready to be live again. */
  kept(number: number): Promise<Release | undefined> {
    return this.#kept.find(number)
  }

  /** From now on this version runs; the one before finishes what it has begun, and is kept. */
  use(release: Release): void {
    const { deadline, concurrency, queue } = release.limits
    this.#kept.take(release.number)
    this.#kept.add(this.#deployment.release)
    this.#retire()
    this.#deployment = new Deployment(release)
    this.#deadline = deadline
    this.#turns.limit(concurrency, queue)
    this.#meter.deployments++
  }

  /** Resolves once all has ended that was begun. Who waits is refused. */
  async close(): Promise<void> {
    if (this.#open) {
      this.#open = false
      this.#turns.close()
      this.#retire()
    }
    await Promise.all([...this.#closing, this.#kept.close()])
  }

  /** Nobody waits any more for what was begun before it was closed. */
  cut(): void {
    this.#cut.resolve()
  }

  async #wait(
    activation: Activation,
    request: string,
    milliseconds: number,
    began: RunOptions['began'],
  ): Promise<string> {
    const since = performance.now()
    try {
      await this.#turns.wait(milliseconds)
    } catch (error) {
      this.#meter.failed(error)
      throw error
    }
    return this.#begin(activation, request, milliseconds - (performance.now() - since), began)
  }

  /** Begins an activation that has a turn, which goes back when it has ended. */
  #begin(
    activation: Activation,
    request: string,
    milliseconds: number,
    began: RunOptions['began'],
  ): string | Promise<string> {
    const deployment = this.#deployment
    deployment.begin()
    began?.(deployment.release.number)
    let result
    try {
      if (milliseconds < 1) throw overran(this.name, milliseconds)
      result = deployment.release.version.run(activation, request, milliseconds)
    } catch (error) {
      this.#meter.failed(error)
      this.#end(deployment, activation)
      throw error
    }
    if (typeof result === 'string') {
      this.#end(deployment, activation)
      return result
    }
    const { answer, ended } = result
    const over = (): void => {
      activation.ended = true
      if (ended === answer) this.#end(deployment, activation)
    }
    answer.then(over, (error: unknown) => {
      this.#meter.failed(error)
      over()
    })
    if (ended !== answer) {
      const end = (): void => this.#end(deployment, activation)
      ended.then(end, end)
    }
    return answer
  }

  #end(deployment: Deployment, activation: Activation): void {
    activation.ended = true
    deployment.end()
    this.#meter.activations++
    this.#turns.end()
  }

  #retire(): void {
    const closing = this.#deployment.close(this.#cut.promise).catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error))
    })
    this.#closing.add(closing)
    void closing.then(() => this.#closing.delete(closing))
  }
}
