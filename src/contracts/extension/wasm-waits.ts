import { GuestFault } from '../../fault.ts'
import type { Suspension } from '../../units.ts'
import { storageFailed } from './engine-state.ts'
import type { AsyncCall, Key } from './storage.ts'

/** What a function of the host returns whose answer is not there yet: no handle, and not −1. */
export const notYet = -2

interface Pending {
  readonly promise: Promise<unknown>
  readonly key: Key
  readonly finish: (answer: unknown) => number
}

/** What the calls on one instance wait for: one thing at a time, for the guest is suspended meanwhile. */
export class Waits {
  readonly #suspension: (() => Suspension) | undefined
  #known: Suspension | undefined
  #pending: Pending | undefined
  #controller: AbortController | undefined

  /** @param suspension - of the instance; `undefined` where hooks do not wait */
  constructor(suspension: (() => Suspension) | undefined) {
    this.#suspension = suspension
  }

  /** What storages learn of the call under way. */
  readonly call: AsyncCall = makeCall(() => (this.#controller ??= new AbortController()).signal)

  /** The answer comes later. @param finish - makes what the guest gets of it */
  later<T>(promise: Promise<T>, key: Key, finish: (answer: T) => number): typeof notYet {
    this.#drop()
    // oxlint-disable-next-line no-unsafe-type-assertion -- the answer is what the promise gives
    this.#pending = { promise, key, finish: finish as Pending['finish'] }
    return notYet
  }

  /** Suspends the guest. Imported as a `WebAssembly.Suspending`. */
  readonly wait = (): Promise<void> | undefined => {
    const suspension = this.#suspended
    if (suspension === undefined || this.#pending === undefined) return undefined
    return suspension.suspend(this.#pending.promise, this.#abort)
  }

  /** The guest goes on: gives what it waited for. Whatever ended the wait ends the call. */
  readonly resume = (): number => {
    const pending = this.#pending
    const suspension = this.#suspended
    if (suspension === undefined || pending === undefined)
      throw new GuestFault('EXTENSION_STORAGE', 'it waits for a storage, and its hook does not return a promise')
    let answer
    try {
      answer = suspension.resume()
    } catch (thrown) {
      return storageFailed(thrown, pending.key)
    }
    this.#pending = undefined
    return pending.finish(answer)
  }

  /** The instance's; there is none before that is made. */
  get #suspended(): Suspension | undefined {
    return (this.#known ??= this.#suspension?.())
  }

  /** The call is over. */
  end(): void {
    this.#drop()
    this.#controller = undefined
  }

  /** Where the guest could not be suspended nobody listens to its promise, and Node would end with what it is rejected with. */
  #drop(): void {
    this.#pending?.promise.catch(() => {})
    this.#pending = undefined
  }

  readonly #abort = (reason: Error): void => {
    this.#controller?.abort(reason)
  }
}

function makeCall(signal: () => AbortSignal): AsyncCall {
  return {
    get signal() {
      return signal()
    },
  }
}
