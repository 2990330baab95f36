import { AsyncLocalStorage } from 'node:async_hooks'
import { type Hook, type Slot, vacant } from './slot.ts'

/** A call that waits for an instance. */
interface QueuedCall {
  /** Makes it, on a slot whose instance is ready. */
  readonly go: (slot: Slot) => void
  readonly refuse: (error: unknown) => void
}

/** Calls that wait for an instance, where the contract lets them. */
export class CallQueue {
  readonly #calls: QueuedCall[] = []

  get length(): number {
    return this.#calls.length
  }

  /** A slot that is a place in the queue: its hooks, as many as the contract has, wait for another one. */
  place(hooks: number): Slot {
    let deadline: number | undefined
    const wait =
      (index: number): Hook =>
      (...args) => {
        const { promise, resolve, reject } = Promise.withResolvers<unknown>()
        // It is made at the end of another call, whose context, such as a transaction, is not its own.
        const context = AsyncLocalStorage.snapshot()
        const go = ({ instance, hooks: those }: Slot): void => {
          const call = (): unknown => context(() => those[index]?.(...args))
          resolve(deadline === undefined ? call() : instance.within?.(deadline, call))
        }
        this.#calls.push({ go, refuse: reject })
        return promise
      }
    return {
      instance: {
        ...vacant,
        within(milliseconds, call) {
          deadline = milliseconds
          return call()
        },
      },
      hooks: Array.from({ length: hooks }, (_, index) => wait(index)),
    }
  }

  /** Lets those that wait have the instances that are free. @param free - gives one, where there is one */
  serve(free: () => Slot | undefined): void {
    for (let call = this.#calls[0]; call !== undefined; call = this.#calls[0]) {
      let slot
      try {
        slot = free()
        if (slot === undefined) return
        call.go(slot)
      } catch (error) {
        call.refuse(error)
      }
      this.#calls.shift()
    }
  }

  /** Refuses all that wait. */
  refuse(error: () => unknown): void {
    for (const call of this.#calls.splice(0)) call.refuse(error())
  }
}
