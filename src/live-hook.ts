import type { Hook, Slot } from './pool/slot.ts'

/** One call of so many is timed, from the first on, unless all are: two readings of the clock cost 0.1 µs, ten times what a call does. */
const usualStride = 1024

/** A hook of a plugin: what it calls now, how often it was called, and how long that took. */
export class LiveHook {
  instance: Slot['instance']
  hook: Hook
  /** The hook for a call that overlaps another one, or that comes when there is no instance, or a stale one. */
  readonly another: () => Hook
  /** Counts down to the next call that is timed. */
  left = 1
  /** Milliseconds of all calls since all are timed; `undefined` before. */
  time: number | undefined
  readonly #sample: (milliseconds: number) => void
  #stride = 1
  /** Calls before the stride began. */
  #before = 0

  /** @param sample - takes the milliseconds of a call that was timed */
  constructor(slot: Slot, index: number, another: () => Hook, sample: (milliseconds: number) => void) {
    this.instance = slot.instance
    this.hook = hookOf(slot, index)
    this.another = another
    this.#sample = sample
  }

  get calls(): number {
    return this.#before + this.#stride - this.left
  }

  /** From now on every call is timed. */
  timeAll(): void {
    this.time ??= 0
    this.#next()
  }

  /** Makes a call that is timed, and that was counted. */
  timed(hook: Hook, args: unknown[]): unknown {
    this.#next()
    const start = performance.now()
    const end = (): void => {
      const time = performance.now() - start
      if (this.time !== undefined) this.time += time
      this.#sample(time)
    }
    let result
    try {
      result = hook(...args)
    } catch (thrown) {
      end()
      throw thrown
    }
    if (result instanceof Promise) result.then(end, end)
    else end()
    return result
  }

  #next(): void {
    this.#before = this.calls
    this.#stride = this.time === undefined ? usualStride : 1
    this.left = this.#stride
  }
}

/** The hook as callers have it. Written out for the usual numbers of parameters, as in `bracketed`, which says why. */
export function counted(live: LiveHook, length: number): Hook {
  switch (length) {
    case 0:
      return () => {
        const hook = live.instance.ready ? live.hook : live.another()
        return --live.left < 1 ? live.timed(hook, []) : hook()
      }
    case 1:
      return (a) => {
        const hook = live.instance.ready ? live.hook : live.another()
        return --live.left < 1 ? live.timed(hook, [a]) : hook(a)
      }
    case 2:
      return (a, b) => {
        const hook = live.instance.ready ? live.hook : live.another()
        return --live.left < 1 ? live.timed(hook, [a, b]) : hook(a, b)
      }
    case 3:
      return (a, b, c) => {
        const hook = live.instance.ready ? live.hook : live.another()
        return --live.left < 1 ? live.timed(hook, [a, b, c]) : hook(a, b, c)
      }
    default:
      return (...args) => {
        const hook = live.instance.ready ? live.hook : live.another()
        return --live.left < 1 ? live.timed(hook, args) : hook(...args)
      }
  }
}

/** The hook of a slot by its place in the contract. */
export function hookOf({ hooks }: Slot, index: number): Hook {
  const hook = hooks[index]
  if (hook === undefined) throw new TypeError(`The binding made no hook ${index}`)
  return hook
}
