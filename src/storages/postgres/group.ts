import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Transactions } from './transactions.ts'

interface Waiting {
  run(): Promise<void>
  settle(failure: { readonly thrown: unknown } | undefined): void
}

/** Works that are committed together: those that come while the ones before are committed. */
export class Group {
  readonly #transactions: Transactions
  readonly #size: number
  readonly #waiting: Waiting[] = []
  #committing: Promise<void> | undefined

  constructor(transactions: Transactions, size: number) {
    this.#transactions = transactions
    this.#size = size
  }

  /** Runs the work with others; the promise is settled when they are committed. */
  add<T>(work: () => Promise<T>): Promise<T> {
    const context = AsyncLocalStorage.snapshot()
    return new Promise((resolve, reject) => {
      let value: T
      let error: { readonly thrown: unknown } | undefined
      this.#waiting.push({
        run: async () => {
          try {
            value = await this.#transactions.run(() => this.#transactions.carried(context, work))
          } catch (thrown) {
            error = { thrown }
          }
        },
        settle: (failure) => {
          const failed = error ?? failure
          if (failed === undefined) resolve(value)
          // oxlint-disable-next-line prefer-promise-reject-errors -- whatever the work threw
          else reject(failed.thrown)
        },
      })
      this.#committing ??= this.#transactions.outside(() => this.#commit())
    })
  }

  /** Waits until all are committed that wait. */
  async flush(): Promise<void> {
    await this.#committing
  }

  async #commit(): Promise<void> {
    await setImmediate()
    while (this.#waiting.length > 0) {
      const works = this.#waiting.splice(0, this.#size)
      let failure
      try {
        await this.#transactions.run(async () => {
          for (const one of works) await one.run()
        })
      } catch (thrown) {
        failure = { thrown }
      }
      for (const one of works) one.settle(failure)
    }
    this.#committing = undefined
  }
}
