import { AsyncLocalStorage } from 'node:async_hooks'
import type { Transactions } from './transactions.ts'

/** Runs one work, and says whether it failed. */
interface Waiting {
  run(): void
  /** Tells the caller what came of it; `failure` where the commit itself failed. */
  settle(failure: { readonly thrown: unknown } | undefined): void
}

/** Works that are committed together: those that come in the same turn of the event loop. */
export class Group {
  readonly #transactions: Transactions
  readonly #size: number
  #waiting: Waiting[] = []
  #timer: NodeJS.Immediate | undefined

  constructor(transactions: Transactions, size: number) {
    this.#transactions = transactions
    this.#size = size
  }

  /** Runs the work with others; the promise is settled when they are committed. */
  add<T>(work: () => T): Promise<T> {
    const context = AsyncLocalStorage.snapshot()
    return new Promise((resolve, reject) => {
      let value: T
      let error: { readonly thrown: unknown } | undefined
      this.#waiting.push({
        run: () => {
          try {
            value = this.#transactions.run(() => context(work))
          } catch (thrown) {
            error = { thrown }
            // Where the whole transaction is gone, the others are too.
            this.#transactions.check()
          }
        },
        settle: (failure) => {
          const failed = error ?? failure
          if (failed === undefined) resolve(value)
          // oxlint-disable-next-line prefer-promise-reject-errors -- whatever the work threw
          else reject(failed.thrown)
        },
      })
      if (this.#waiting.length >= this.#size && !this.#transactions.active) this.flush()
      else this.#timer ??= setImmediate(() => this.flush())
    })
  }

  /** Runs and commits what waits. */
  flush(): void {
    clearImmediate(this.#timer)
    this.#timer = undefined
    // What is added meanwhile waits for the next turn.
    const waiting = this.#waiting
    this.#waiting = []
    for (let index = 0; index < waiting.length; index += this.#size)
      this.#commit(waiting.slice(index, index + this.#size))
  }

  #commit(works: readonly Waiting[]): void {
    let failure
    try {
      this.#transactions.run(() => {
        for (const one of works) one.run()
      })
    } catch (thrown) {
      failure = { thrown }
    }
    for (const one of works) one.settle(failure)
  }
}
