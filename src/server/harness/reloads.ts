/** One reload at a time. Whoever asks while one is under way gets the next, which is one for all of them: it finds what is newest then. */
export class Reloads<T> {
  readonly #reload: () => Promise<T>
  #running: Promise<unknown> | undefined
  #next: Promise<T> | undefined

  constructor(reload: () => Promise<T>) {
    this.#reload = reload
  }

  run(): Promise<T> {
    if (this.#next !== undefined) return this.#next
    const before = this.#running ?? Promise.resolve()
    const next = before.then(() => {
      this.#next = undefined
      const run = this.#reload()
      this.#running = run.catch(() => {})
      return run
    })
    this.#next = next
    return next
  }
}
