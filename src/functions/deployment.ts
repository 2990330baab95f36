import { retired } from './failure.ts'
import type { Release } from './release.ts'
import type { Pending } from './version.ts'

/** A release with the activations that are under way on it. */
export class Deployment<Q, A> {
  readonly release: Release<Q, A>
  #running = 0
  /** Those who wait until nothing is under way. */
  readonly #waiting: (() => void)[] = []
  /** Ends the wait for each answer that is not there yet. */
  readonly #waits = new Set<(error: Error) => void>()

  constructor(release: Release<Q, A>) {
    this.release = release
  }

  begin(): void {
    this.#running++
  }

  end(): void {
    this.#running--
    if (this.#running === 0) for (const tell of this.#waiting.splice(0)) tell()
  }

  /** Resolves when nothing is under way on it. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#running === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }

  /** The answer of an activation, for as long as it may be waited for. */
  answer({ pending }: Pending<A>): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waits.add(reject)
      pending.then(
        (answer) => {
          this.#waits.delete(reject)
          resolve(answer)
        },
        (error: unknown) => {
          this.#waits.delete(reject)
          // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
          reject(error)
        },
      )
    })
  }

  /**
   * Ends it when nothing is under way on it any more.
   *
   * @param cut - nobody waits for that any more
   * @param drain - milliseconds after which what is under way fails, and is ended
   */
  async close(name: string, cut: Promise<void>, drain: number): Promise<void> {
    if (this.#running > 0) {
      const { promise: over, resolve } = Promise.withResolvers<void>()
      const late = (): void => {
        for (const end of this.#waits) end(retired(name, drain))
        resolve()
      }
      const timer = drain === Infinity ? undefined : setTimeout(late, drain)
      await Promise.race([this.idle(), over, cut])
      clearTimeout(timer)
    }
    await this.release.version.close()
  }
}
