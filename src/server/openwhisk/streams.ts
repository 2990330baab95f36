import { setImmediate } from 'node:timers/promises'
import type { ActivationLine } from '../../functions/functions.ts'

/** What ends the lines of an activation, on both streams: the platform reads up to it. */
const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n'

/** Where the lines of actions go. */
export interface Streams {
  out(text: string): void
  err(text: string): void
}

/** Milliseconds after an answer in which lines still count as those of its activation. */
const linger = 10

interface Block {
  out: string
  err: string
}

/**
 * Writes what activations print to the streams of this process, each followed by its sentinel on both. With one activation at a time lines
 * are passed on as they come; with several each has its lines written as one block at its end.
 */
export class ActivationStreams {
  readonly #streams: Streams
  /** Of activations under way, where there may be several. */
  readonly #blocks = new Map<string, Block>()
  readonly #together: boolean
  readonly #ended = new Set<string>()
  #lines = 0

  /** Somebody waits now: what still listens for late lines is to look again. */
  hurry: () => void = () => {}

  /** @param together - whether several activations may be under way */
  constructor(streams: Streams, together: boolean) {
    this.#streams = streams
    this.#together = together
  }

  begin(activation: string): void {
    if (this.#together) this.#blocks.set(activation, { out: '', err: '' })
  }

  /** A line of an action, of an activation or of its start. */
  write({ activation, source, text }: ActivationLine): void {
    this.#lines++
    const error = source === 'stderr'
    const block = activation === undefined ? undefined : this.#blocks.get(activation)
    if (block !== undefined) block[error ? 'err' : 'out'] += `${text}\n`
    else this.#pass(error, this.#isOver(activation) ? `late line of activation ${activation}: ${text}\n` : `${text}\n`)
  }

  /**
   * Ends the lines of an activation.
   *
   * @param apart - its lines come by another way than its answer, so that some may still be under way
   * @param wanted - whether somebody waits for this, so that it should not take longer than it has to
   */
  async end(activation: string, apart: boolean, wanted: () => boolean): Promise<void> {
    if (apart) await this.#quiet(wanted)
    const { out, err } = this.#blocks.get(activation) ?? { out: '', err: '' }
    this.#blocks.delete(activation)
    this.#remember(activation)
    this.#streams.out(out + sentinel)
    this.#streams.err(err + sentinel)
  }

  /** Says something that belongs to no activation. */
  print(text: string): void {
    if (text !== '') this.#streams.out(text)
  }

  /** Says why an initialisation failed, and ends that as an activation ends. */
  fail(printed: string, reason: string): void {
    this.#streams.err(`${reason}\n${sentinel}`)
    this.#streams.out(printed + sentinel)
  }

  /**
   * What was printed before the answer is there to be read: that takes until a turn of the event loop brings nothing. What is printed right
   * after it comes within a few milliseconds.
   */
  async #quiet(wanted: () => boolean): Promise<void> {
    const until = performance.now() + linger
    let seen
    do {
      seen = this.#lines
      await setImmediate()
      await setImmediate()
      if (!wanted() && performance.now() < until) await this.#pause()
    } while (seen !== this.#lines || (!wanted() && performance.now() < until))
  }

  /** A millisecond, or until {@link hurry}. */
  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, 1)
    this.hurry = resolve
    await promise
    clearTimeout(timer)
  }

  #pass(error: boolean, text: string): void {
    if (error) this.#streams.err(text)
    else this.#streams.out(text)
  }

  #isOver(activation: string | undefined): boolean {
    return activation !== undefined && this.#ended.has(activation)
  }

  #remember(activation: string): void {
    this.#ended.add(activation)
    const [oldest] = this.#ended
    if (this.#ended.size > remembered && oldest !== undefined) this.#ended.delete(oldest)
  }
}

/** Ended activations whose lines are known as late ones. */
const remembered = 1000
