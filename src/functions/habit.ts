/** So many times its slice on a thread says for sure that a function takes long, whatever the machine was doing. */
const surely = 10

/** So many overruns in a row say it too. */
const often = 3

/** What is known of how long the activations of a function take: whether they belong on the event loop or on a thread. */
export class Habit {
  readonly #slice: number
  #long: boolean
  #overruns = 0
  #trials = 0

  /** @param slice - milliseconds that the event loop can wait */
  constructor(slice: number, long: boolean) {
    this.#slice = slice
    this.#long = long
  }

  /** It is known to take long. */
  get long(): boolean {
    return this.#long
  }

  /** It takes long, as far as is known: while one that overran is looked at on a thread, those that come go there too. */
  get suspect(): boolean {
    return this.#long || this.#trials > 0
  }

  /** One ended on the event loop. */
  inTime(): void {
    this.#overruns = 0
  }

  /** One overran its slice, and runs on a thread now. */
  overran(): void {
    this.#trials++
    if (++this.#overruns >= often) this.#long = true
  }

  /**
   * It ended there. One that was quick there was kept waiting by the machine, not by itself.
   *
   * @param milliseconds - that it had the processor
   * @param warm - it had run there before, and was compiled
   */
  took(milliseconds: number, warm: boolean): void {
    this.#trials--
    if (milliseconds >= (warm ? 1 : surely) * this.#slice) this.#long = true
  }
}
