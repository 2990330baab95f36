import { setImmediate } from 'node:timers/promises'
import type { ActivationLine } from '../../functions/functions.ts'
import { GatheredStreams, type Streams } from './gathered.ts'

/** What ends the lines of an activation, on both streams: the platform reads up to it. */
const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n'

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
  readonly #streams: GatheredStreams
  /** Of activations under way, where there may be several. */
  readonly #blocks = new Map<string, Block>()
  readonly #together: boolean
  readonly #ended = new Set<string>()
  #lines = 0

  /** @param together - whether several activations may be under way */
  constructor(streams: Streams, together: boolean) {
    this.#streams = new GatheredStreams(streams)
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
   * @param hurry - resolves when somebody waits for this, so that it should not take longer than it has to
   */
  async end(activation: string, apart: boolean, hurry: Promise<void>): Promise<void> {
    if (apart) await this.#quiet(hurry)
    const { out, err } = this.#blocks.get(activation) ?? { out: '', err: '' }
    this.#blocks.delete(activation)
    this.#remember(activation)
    this.#streams.out(out + sentinel)
    this.#streams.err(err + sentinel)
  }

  /** Writes what has gathered. */
  flush(): void {
    this.#streams.flush()
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

  /** What is printed right after an answer comes within a few milliseconds. */
  async #quiet(hurry: Promise<void>): Promise<void> {
    await this.#read()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, linger)
    void hurry.then(resolve)
    await promise
    clearTimeout(timer)
    await this.#read()
  }

  /** What was printed is there to be read: that takes until a turn of the event loop brings nothing. */
  async #read(): Promise<void> {
    let seen
    do {
      seen = this.#lines
      await setImmediate()
      await setImmediate()
    } while (seen !== this.#lines)
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
