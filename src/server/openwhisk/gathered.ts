/** Where the lines of actions go. */
export interface Streams {
  out(text: string): void
  err(text: string): void
}

/** Writes all texts of one turn of the event loop at once, when answers have been sent: each write is a call of the system. */
export class GatheredStreams implements Streams {
  readonly #to: Streams
  #out = ''
  #err = ''
  #scheduled = false

  constructor(to: Streams) {
    this.#to = to
  }

  out(text: string): void {
    this.#out += text
    this.#schedule()
  }

  err(text: string): void {
    this.#err += text
    this.#schedule()
  }

  /** Writes what is there. */
  flush(): void {
    const [out, err] = [this.#out, this.#err]
    this.#out = ''
    this.#err = ''
    if (out !== '') this.#to.out(out)
    if (err !== '') this.#to.err(err)
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.flush()
    })
  }
}
