import type { MortiseError } from '../errors.ts'
import { full, overran, removed } from './failure.ts'

/** Somebody who waits for a turn. */
interface Waiting {
  readonly go: () => void
  readonly refuse: (error: MortiseError) => void
}

/** Who may run now, and who waits: so many run at a time, so many wait, and none for longer than its time. */
export class Turns {
  readonly #function: string
  readonly #waiting = new Set<Waiting>()
  #running = 0
  #concurrency: number
  #queue: number
  #held = false

  constructor(name: string, concurrency: number, queue: number) {
    this.#function = name
    this.#concurrency = concurrency
    this.#queue = queue
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Takes a turn that is free. */
  take(): boolean {
    if (this.#held || this.#running >= this.#concurrency) return false
    this.#running++
    return true
  }

  /**
   * Waits for a turn, which is taken when this resolves.
   *
   * @param milliseconds - for no longer than this
   * @throws MortiseError `QUEUE_FULL`, `DEADLINE`, `PLUGIN_UNPLUGGED`
   */
  wait(milliseconds: number): Promise<void> {
    if (this.#waiting.size >= this.#queue) return Promise.reject(full(this.#function, this.#concurrency, this.#queue))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting)
        reject(overran(this.#function, milliseconds))
      }, milliseconds)
      const waiting: Waiting = {
        go: () => {
          clearTimeout(timer)
          resolve()
        },
        refuse: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      }
      this.#waiting.add(waiting)
    })
  }

  /** Gives a turn back. */
  end(): void {
    this.#running--
    this.#serve()
  }

  /** So many may run and wait from now on. */
  limit(concurrency: number, queue: number): void {
    this.#concurrency = concurrency
    this.#queue = queue
    this.#serve()
  }

  /** Nobody gets a turn until they are let go. */
  hold(): void {
    this.#held = true
  }

  letGo(): void {
    this.#held = false
    this.#serve()
  }

  /** Nobody who waits gets a turn any more. */
  close(): void {
    for (const waiting of this.#waiting) waiting.refuse(removed(this.#function))
    this.#waiting.clear()
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (!this.take()) return
      this.#waiting.delete(waiting)
      waiting.go()
    }
  }
}
