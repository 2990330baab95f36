/** Looks after the times at which something is due: one timer for all of them, armed while there are any. */
export class Deadline {
  readonly #look: () => number
  /** When it looks next. */
  #at = Infinity
  #timer: NodeJS.Timeout | undefined

  /** @param look - deals with what is due, and says when the next is, by the clock of `performance`; `Infinity` for never */
  constructor(look: () => number) {
    this.#look = look
  }

  /** Something is due then. What is not any more costs nothing but a look. */
  by(due: number): void {
    if (due >= this.#at) return
    clearTimeout(this.#timer)
    this.#at = due
    const look = (): void => {
      this.#at = Infinity
      this.by(this.#look())
    }
    this.#timer = setTimeout(look, Math.max(due - performance.now(), 0)).unref()
  }
}
