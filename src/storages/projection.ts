import type { AsyncState } from '../contracts/extension/async-state.ts'
import type { AsyncStateKind } from '../contracts/extension/async-state-kind.ts'
import type { Declaration } from '../contracts/extension/declaration.ts'
import type { State } from '../contracts/extension/state.ts'
import { StateKind } from '../contracts/extension/state-kind.ts'
import { MortiseError } from '../errors.ts'
import { parseDuration } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'

/** Options of {@link projection}. */
export interface ProjectionOptions<C> {
  /** How many keys may wait; default 100. */
  readonly size?: number
  /** How long they may wait: milliseconds, or text like `'100 ms'`. Default 100 ms. */
  readonly interval?: number | string
  /** Whether anything waits; see {@link isBuffered}. Default true. */
  readonly buffered?: boolean
  /** Everything up to this event is in the storages: a place to remember the event. */
  readonly onFlush?: (last: C) => void | Promise<void>
  /** What waited could not be applied when its time was up. */
  readonly onFailure: (error: unknown) => void
}

/** What waits to be applied. */
interface Waiting {
  readonly ready: boolean
  flush(): void | Promise<void>
}

/** A kind of state with what waits for it. */
interface Target<C, S> {
  readonly open: (context: C) => S
  readonly bundle: Waiting
}

/**
 * Runs a projector on events, one after another, and applies what it intends later: when enough keys wait, or the oldest has waited
 * long enough, or after each event where it sends mails and the like. What waits is what the projector reads.
 *
 * Once it could not be applied, events are missing, and it takes no more: make another, and begin behind the event that `onFlush`
 * had last.
 *
 * @param kind - of state
 * @param options - `size` (100), `interval` (100 ms), `buffered` (true), `onFlush`, `onFailure`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { memoryStorage } from 'mortise/extension'
 * import { asyncProjectorKind, projection } from 'mortise/storages'
 *
 * const view = memoryStorage({ 'app.Sales': { key: { Day: 'int32' }, value: { Amount: 'int64' } } })
 * await using sales = projection(asyncProjectorKind({ store: { view } }), {
 *   interval: '50 ms',
 *   onFlush: ({ event }) => console.log(`projected up to ${event.wlogOffset}`),
 *   onFailure: (error) => console.error(error),
 * })
 * console.log(sales.failed)
 * ```
 */
export function projection<C>(kind: StateKind<C>, options: ProjectionOptions<C>): Projection<C, State>
export function projection<C>(kind: AsyncStateKind<C>, options: ProjectionOptions<C>): Projection<C, AsyncState>
export function projection<C>(
  kind: StateKind<C> | AsyncStateKind<C>,
  options: ProjectionOptions<C>,
): Projection<C, State> | Projection<C, AsyncState> {
  if (kind instanceof StateKind) {
    const bundle = kind.bundle(options.size)
    return new Projection({ open: (context: C) => kind.open(context, bundle), bundle }, options)
  }
  const bundle = kind.bundle(options.size)
  return new Projection({ open: (context: C) => kind.open(context, bundle), bundle }, options)
}

/** A projector with what it intends and is not applied yet. {@link projection} makes it. */
export class Projection<C, S extends State | AsyncState> implements AsyncDisposable {
  readonly #target: Target<C, S>
  readonly #interval: number
  readonly #buffered: boolean
  readonly #onFlush: ProjectionOptions<C>['onFlush']
  readonly #onFailure: (error: unknown) => void
  #last: { readonly context: C } | undefined
  #timer: NodeJS.Timeout | undefined
  #failure: { readonly error: unknown } | undefined
  #turns: Promise<unknown> = Promise.resolve()

  constructor(target: Target<C, S>, options: ProjectionOptions<C>) {
    checkKeys(options, ['size', 'interval', 'buffered', 'onFlush', 'onFailure'], 'projection()')
    const { interval = '100 ms', buffered = true, onFlush, onFailure } = options
    checkOption('buffered', buffered, typeof buffered === 'boolean', 'true or false')
    checkOption('onFlush', onFlush, onFlush === undefined || typeof onFlush === 'function', 'a function')
    checkOption('onFailure', onFailure, typeof onFailure === 'function', 'a function')
    this.#target = target
    this.#interval = Math.min(parseDuration('interval', interval), 2 ** 31 - 1)
    this.#buffered = buffered
    this.#onFlush = onFlush
    this.#onFailure = onFailure
  }

  /** It could not apply what waited, and takes no more. */
  get failed(): boolean {
    return this.#failure !== undefined
  }

  /**
   * Runs the projector on an event, behind those before. Where it throws, the event has not been: it may come again.
   *
   * @param context - what its state is opened with
   * @param hook - the projector
   * @returns when what it intends waits, or is applied
   * @throws what the projector throws, MortiseError (rejects) `INTENTS_NOT_APPLIED`
   */
  project(context: C, hook: (state: S) => void | Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      const state = this.#target.open(context)
      try {
        await hook(state)
      } catch (error) {
        // It read what waited, which is why that was to be applied: the events before are missing then.
        if (isLoss(error)) this.#fail(error)
        throw error
      }
      await state.apply()
      this.#last = { context }
      if (!this.#buffered || this.#target.bundle.ready) await this.#flush()
      else this.#timer ??= setTimeout(() => void this.flush().catch(this.#onFailure), this.#interval)
    })
  }

  /**
   * Applies what waits.
   *
   * @throws MortiseError (rejects) `INTENTS_NOT_APPLIED`
   */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#flush())
  }

  /** Applies what waits, unless it failed before. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turns
    if (!this.failed) await this.flush()
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const last = this.#last
    if (last === undefined) return
    this.#last = undefined
    try {
      await this.#target.bundle.flush()
      await this.#onFlush?.(last.context)
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }

  #fail(error: unknown): void {
    this.#failure = { error }
    clearTimeout(this.#timer)
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turns.then(() => {
      if (this.#failure !== undefined) throw this.#failure.error
      return act()
    })
    this.#turns = turn.catch(() => {})
    return turn
  }
}

function isLoss(error: unknown): boolean {
  return MortiseError.is(error, 'INTENTS_NOT_APPLIED') || (error instanceof Error && isLoss(error.cause))
}

/**
 * Whether what a projector intends may wait for other events: it writes to views and records only, which the last write to a key
 * settles. One that does not declare its intents may do anything.
 *
 * @param declaration - as it is given to `extensions()`
 */
export function isBuffered({ intents }: Declaration): boolean {
  return intents?.every((one) => /^sys\.(?:View|Record)(?:\(|$)/.test(one)) === true
}
