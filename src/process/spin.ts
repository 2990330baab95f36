/** Milliseconds for which an answer is looked for without a pause. */
const longest = 0.05

/** How many calls are left alone at most, after it was in vain again and again. */
const mostSkipped = 1024

/**
 * Keeps the event loop awake for a short while, so that an answer which comes soon finds it so: waking up an idle processor
 * takes longer than most calls. Where that is in vain, because the calls are long or all processors are busy (and this one
 * then keeps the process itself from running), it is tried more and more seldom.
 */
export class Spin {
  readonly #waited: () => boolean
  #end = 0
  #turning = false
  #skip = 0
  #skipped = 0

  /** @param waited - whether somebody still waits */
  constructor(waited: () => boolean) {
    this.#waited = waited
  }

  start(): void {
    if (this.#skip > 0) {
      this.#skip--
      return
    }
    this.#end = performance.now() + longest
    if (this.#turning) return
    this.#turning = true
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    if (!this.#waited()) {
      this.#turning = false
      this.#skipped >>= 1
    } else if (performance.now() < this.#end) setImmediate(this.#turn)
    else {
      this.#turning = false
      this.#skipped = Math.min(2 * this.#skipped + 1, mostSkipped)
      this.#skip = this.#skipped
    }
  }
}
