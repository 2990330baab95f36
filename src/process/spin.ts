/** Milliseconds for which an answer is looked for without a pause. */
const longest = 0.1

/**
 * Keeps the event loop awake for a short while, so that an answer which comes soon finds it so: waking up an idle processor
 * takes longer than most calls.
 */
export class Spin {
  readonly #wanted: () => boolean
  #end = 0
  #turning = false

  /** @param wanted - whether somebody still waits */
  constructor(wanted: () => boolean) {
    this.#wanted = wanted
  }

  start(): void {
    this.#end = performance.now() + longest
    if (this.#turning) return
    this.#turning = true
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    this.#turning = this.#wanted() && performance.now() < this.#end
    if (this.#turning) setImmediate(this.#turn)
  }
}
