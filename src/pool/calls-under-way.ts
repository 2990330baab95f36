import type { MortiseError } from '../errors.ts'
import type { Hook } from './slot.ts'
import { AllUnderWay } from '../under-way.ts'

/** Calls of hooks that return promises, of instances that do not say themselves whether they are in a call. */
export class CallsUnderWay {
  readonly #ended: () => void
  /** Ends each of them. */
  readonly #calls = new AllUnderWay<(error: MortiseError) => void>()

  /** @param ended - is told whenever one has ended */
  constructor(ended: () => void) {
    this.#ended = ended
  }

  get size(): number {
    return this.#calls.size
  }

  /** A hook whose calls are known to be under way until they settle, or are given up. */
  counted(hook: Hook): Hook {
    return (...args) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const end = (error: unknown): void => {
        reject(error)
        this.#calls.delete(one)
        this.#ended()
      }
      const one = this.#calls.add(end)
      void called(hook, args).then((result) => {
        resolve(result)
        this.#calls.delete(one)
        this.#ended()
      }, end)
      return promise
    }
  }

  /** Gives all of them up. */
  cut(error: () => MortiseError): void {
    for (const end of this.#calls.values()) end(error())
  }
}

/** A hook that throws is one whose promise is rejected. */
function called(hook: Hook, args: unknown[]): Promise<unknown> {
  try {
    const result = hook(...args)
    return result instanceof Promise ? result : Promise.resolve(result)
  } catch (error) {
    // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
    return Promise.reject(error)
  }
}
