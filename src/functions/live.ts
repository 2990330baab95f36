import type { CodeRuntime } from '../code/code.ts'
import type { Activation } from './activation.ts'
import { Deployment } from './deployment.ts'
import { overran, removed } from './failure.ts'
import { handOverBetween, type StateHandOver } from '../state-handover.ts'
import type { KeptVersions } from './kept.ts'
import type { Release } from './release.ts'
import type { RunOptions } from './served-function.ts'
import { FunctionMeter, type FunctionStats } from './stats.ts'
import { Turns } from './turns.ts'
import type { Version } from './version.ts'

/** What {@link Live} begins with. */
export interface LiveParts<Q, A> {
  readonly name: string
  readonly release: Release<Q, A>
  readonly kept: KeptVersions<Q, A>
  /** Milliseconds that activations may go on once their version is live no more. */
  readonly drain: number
  readonly deadlineOf: (request: Q) => number
}

/** What is served under a name: a live version, and those who wait for a turn. */
export class Live<Q, A> {
  readonly name: string
  readonly #turns: Turns
  readonly #meter = new FunctionMeter()
  /** Deployments that finish what they have begun, until nobody waits for that. */
  readonly #closing = new Set<Promise<void>>()
  readonly #cut = Promise.withResolvers<void>()
  readonly #deadlineOf: (request: Q) => number
  readonly #drain: number
  #deployment: Deployment<Q, A>
  #deadline: number
  readonly #kept: KeptVersions<Q, A>
  #open = true

  constructor({ name, release, kept, drain, deadlineOf }: LiveParts<Q, A>) {
    const { deadline, concurrency, queue } = release.limits
    this.name = name
    this.#drain = drain
    this.#deadlineOf = deadlineOf
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

  /** Runs one activation: see {@link ServedFunction}. */
  run(request: Q, id: string, { deadline, began }: RunOptions = {}): Promise<A> {
    const until = deadline ?? this.#deadlineOf(request)
    const milliseconds = until === Infinity ? this.#deadline : Math.min(this.#deadline, until - Date.now())
    const activation: Activation = { id, ended: false, kept: undefined }
    if (!this.#open) return Promise.reject(removed(this.name))
    try {
      if (!this.#turns.take()) return this.#wait(activation, request, milliseconds, began)
      const answer = this.#begin(activation, request, milliseconds, began)
      return 'pending' in answer ? answer.pending : Promise.resolve(answer.answer)
    } catch (error) {
      // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
      return Promise.reject(error)
    }
  }

  stats(): FunctionStats {
    return this.#meter.stats(this.#deployment.release.version, this.#turns)
  }

  /**
   * Hands the state of the live version to the next one, where both can. Whoever asks from then on waits for `letGo`.
   *
   * @returns what gives it back; `undefined` where nothing was handed over
   * @throws MortiseError `HANDOVER_FAILED`; the live version has its state then, if it can take it back
   */
  async handOver({ digest, runtime, handOver: to }: Version<Q, A>): Promise<StateHandOver | undefined> {
    const deployment = this.#deployment
    const { version } = deployment.release
    const state = handOverBetween(
      { plugin: this.name, digest },
      { ...version.handOver, runtime: version.runtime, idle: () => deployment.idle() },
      { accept: to?.accept, runtime },
    )
    if (state === undefined) return undefined
    this.#turns.hold()
    await state.drain()
    await state.move()
    return state
  }

  /** Those who wait for a version have one. */
  letGo(): void {
    this.#turns.letGo()
  }

  /** A version that was live before, ready to be live again. */
  kept(number: number): Promise<Release<Q, A> | undefined> {
    return this.#kept.find(number)
  }

  /** From now on this version runs; the one before finishes what it has begun, and is kept. */
  use(release: Release<Q, A>): void {
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

  async #wait(activation: Activation, request: Q, milliseconds: number, began: RunOptions['began']): Promise<A> {
    const since = performance.now()
    try {
      await this.#turns.wait(milliseconds)
    } catch (error) {
      this.#meter.failed(error)
      throw error
    }
    const outcome = this.#begin(activation, request, milliseconds - (performance.now() - since), began)
    return 'pending' in outcome ? outcome.pending : outcome.answer
  }

  /** Begins an activation that has a turn, which goes back when it has ended. */
  #begin(
    activation: Activation,
    request: Q,
    milliseconds: number,
    began: RunOptions['began'],
  ): { readonly answer: A } | { readonly pending: Promise<A> } {
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
    if (!('pending' in result)) {
      this.#end(deployment, activation)
      return result
    }
    const { ended } = result
    const pending = deployment.answer(result)
    const over = (): void => {
      activation.ended = true
      if (ended === result.pending) this.#end(deployment, activation)
    }
    pending.then(over, (error: unknown) => {
      this.#meter.failed(error)
      over()
    })
    if (ended !== result.pending) {
      const end = (): void => this.#end(deployment, activation)
      ended.then(end, end)
    }
    return { pending }
  }

  #end(deployment: Deployment<Q, A>, activation: Activation): void {
    activation.ended = true
    deployment.end()
    this.#meter.activations++
    this.#turns.end()
  }

  #retire(): void {
    const closing = this.#deployment.close(this.name, this.#cut.promise, this.#drain).catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error))
    })
    this.#closing.add(closing)
    void closing.then(() => this.#closing.delete(closing))
  }
}
