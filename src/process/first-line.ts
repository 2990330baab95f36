/** A line that may be an acknowledgement is held back for so many milliseconds, for another one to follow. */
const patience = 50

/**
 * The first line of a program that nobody asked whether it is ready. Some say so all the same, and only what follows tells that from
 * an answer.
 */
export class FirstLine {
  readonly #pass: (line: string) => void
  #over = false
  #held: string | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param pass - takes a line that turned out to be an answer */
  constructor(pass: (line: string) => void) {
    this.#pass = pass
  }

  /**
   * Whether it takes a line, which is then none of the caller's, or not yet.
   *
   * @param called - a call is under way, so that the line may be its answer
   */
  takes(line: string | undefined, called: boolean): boolean {
    if (this.#over) return false
    if (this.#held !== undefined || line === undefined || !/^\{\s*"ok"\s*:\s*true\b/i.test(line)) {
      this.release()
      return false
    }
    this.#over = !called
    if (!called) return true
    this.#held = line
    this.#timer = setTimeout(() => {
      const held = this.release()
      if (held !== undefined) this.#pass(held)
    }, patience)
    return true
  }

  /** The line that was held back, if one was. Nothing is from now on. */
  release(): string | undefined {
    const held = this.#held
    clearTimeout(this.#timer)
    this.#over = true
    this.#held = undefined
    return held
  }
}
