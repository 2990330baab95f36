/** Ends the call that is under way when it has had its time: one timer for all calls of a process, armed while there are any. */
export class Deadline {
  #limit: number
  readonly #overran: (limit: number) => void
  #since = 0
  #running = false
  #timer: NodeJS.Timeout | undefined

  /** @param limit - milliseconds, for the calls to come */
  constructor(limit: number, overran: (limit: number) => void) {
    this.#limit = limit
    this.#overran = overran
  }

  set limit(milliseconds: number) {
    this.#limit = milliseconds
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** A call is under way from now on. */
  begin(): void {
    this.#since = performance.now()
    this.#running = true
    if (this.#timer === undefined && this.#limit !== Infinity) this.#arm(this.#limit)
  }

  /** It is no more. */
  rest(): void {
    this.#running = false
  }

  #arm(milliseconds: number): void {
    const look = (): void => {
      this.#timer = undefined
      if (!this.#running) return
      const left = this.#since + this.#limit - performance.now()
      if (left < 1) this.#overran(this.#limit)
      else this.#arm(left)
    }
    this.#timer = setTimeout(look, milliseconds).unref()
  }
}
