/** In milliseconds: nobody waits longer than so much more than its time. */
const period = 20

interface Entry {
  readonly until: number
  readonly late: () => void
}

/**
 * Activations that nobody can stop, each with the time after which it is not waited for any more. One timer looks at all of
 * them, since one for each would cost more than what it is for.
 */
export class Deadlines {
  readonly #entries = new Set<Entry>()
  #timer: NodeJS.Timeout | undefined

  /** What a promise gives, or an error when it has not settled after so many milliseconds; it then goes on, unheard. */
  limit<T>(promise: Promise<T>, milliseconds: number, error: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const until = performance.now() + milliseconds
      const entry: Entry = { until, late: () => reject(error()) }
      this.#entries.add(entry)
      this.#timer ??= setInterval(() => this.#look(), period)
      promise.then(
        (value) => {
          this.#entries.delete(entry)
          resolve(value)
        },
        (reason: unknown) => {
          this.#entries.delete(entry)
          // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
          reject(reason)
        },
      )
    })
  }

  #look(): void {
    const now = performance.now()
    for (const entry of this.#entries) {
      if (entry.until > now) continue
      this.#entries.delete(entry)
      entry.late()
    }
    if (this.#entries.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
