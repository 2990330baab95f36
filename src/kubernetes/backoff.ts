import { setTimeout as wait } from 'node:timers/promises'

/** The first wait and the longest one, in milliseconds, as Kubernetes' own clients wait between two tries. */
export interface Waits {
  readonly first: number
  readonly most: number
}

/** Waits between tries, each twice as long as the one before, and spread, so that not everybody asks at the same time. */
export class Backoff {
  readonly #waits: Waits
  #next: number

  constructor(waits: Waits) {
    this.#waits = waits
    this.#next = waits.first
  }

  /** What was tried works again. */
  reset(): void {
    this.#next = this.#waits.first
  }

  /** Resolves when it is time for the next try, or nobody waits for it any more. */
  async wait(signal: AbortSignal): Promise<void> {
    const time = this.#next * (1 + Math.random())
    this.#next = Math.min(2 * this.#next, this.#waits.most)
    await wait(Math.min(time, this.#waits.most), undefined, { signal, ref: false }).catch(() => {})
  }
}
