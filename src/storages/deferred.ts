import { AsyncLocalStorage } from 'node:async_hooks'
import type { Storage } from '../contracts/extension/storage.ts'
import type { Transaction } from '../contracts/extension/transaction.ts'

/** Applies a batch of intents, and gives what undoes it. */
type Step = () => (() => void) | undefined

/**
 * For storages that answer at once beside some that wait: a transaction of theirs cannot wait, so what they apply is put off until those
 * others have done theirs, and then done in one go.
 */
export class Deferral<C> {
  readonly #steps = new AsyncLocalStorage<Step[]>()
  readonly #transaction: Transaction<C> | undefined

  /** @param transaction - what is put off is done in */
  constructor(transaction: Transaction<C> | undefined) {
    this.#transaction = transaction
  }

  /** A storage whose `apply` is put off. */
  defer(storage: Storage<C>): Storage<C> {
    if (storage.apply === undefined) return storage
    return new Proxy(storage, {
      get: (target, name) =>
        name === 'apply' ? this.#putOff(target) : bound(target, Reflect.get(target, name, target)),
    })
  }

  /** The transaction for all of them. */
  readonly transaction = async (apply: () => Promise<void>, context: C): Promise<void> => {
    const steps: Step[] = []
    await this.#steps.run(steps, apply)
    const run = (): void => runAll(steps)
    if (this.#transaction === undefined) run()
    else this.#transaction(run, context)
  }

  #putOff(storage: Storage<C>): NonNullable<Storage<C>['apply']> {
    return (intents, context) => {
      this.#steps.getStore()?.push(() => storage.apply?.(intents, context))
      return undefined
    }
  }
}

/** Storages may be objects with private parts. */
function bound(target: object, member: unknown): unknown {
  return typeof member === 'function' ? (...args: unknown[]): unknown => Reflect.apply(member, target, args) : member
}

/** All or none. */
function runAll(steps: readonly Step[]): void {
  const undos: (() => void)[] = []
  try {
    for (const step of steps) {
      const undo = step()
      if (undo !== undefined) undos.push(undo)
    }
  } catch (error) {
    for (const undo of undos.toReversed()) undo()
    throw error
  }
}
