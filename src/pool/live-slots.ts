import type { Stay } from '../live-instances.ts'
import type { Slot } from './slot.ts'

/** The slots of one version that are free for calls, and how many calls those had that are gone. */
export class LiveSlots {
  /** How long instances stay; undefined where they stay for good. */
  readonly #stay: Stay | undefined
  readonly #letGo: (slot: Slot) => void
  #slots: Slot[] = []
  /** Calls of the instances that are gone. */
  #before = 0

  /** @param letGo - is told of slots whose instances were let go */
  constructor(stay: Stay | undefined, letGo: (slot: Slot) => void) {
    this.#stay = stay
    this.#letGo = letGo
  }

  get all(): readonly Slot[] {
    return this.#slots
  }

  /** How many calls the instances have had, those that are gone among them. */
  get calls(): number {
    return this.#before + sumCalls(this.#slots)
  }

  /** @param calls - how many it gets for sure: one that is made for a call does not look as if it had been used since */
  add(slot: Slot, calls: number): void {
    this.#slots.push(slot)
    if (this.#stay === undefined) return
    const { live, idle, temporary } = this.#stay
    live.add(slot.instance, calls, idle, temporary ? () => this.#idle(slot) : undefined)
  }

  /** The first slot whose instance is ready. Those that are stale go. */
  ready(): Slot | undefined {
    let stale = false
    for (const slot of this.#slots) {
      if (slot.instance.ready) return slot
      stale ||= slot.instance.stale
    }
    if (stale) for (const slot of this.#slots.filter(({ instance }) => instance.stale)) this.#remove(slot)
    return undefined
  }

  /** Takes a slot out for a lease, which counts its calls from now on. */
  lend(slot: Slot): void {
    this.#slots = this.#slots.filter((other) => other !== slot)
    if (this.#stay?.temporary !== true) return
    this.#stay.live.delete(slot.instance)
    this.#stay.live.add(slot.instance, 0, Infinity, undefined)
  }

  /** The lease is over. @param again - the slot is free for calls from now on; else its instance is closed */
  takeBack(slot: Slot, again: boolean): void {
    const { instance } = slot
    this.#stay?.live.delete(instance)
    if (again) return this.add(slot, instance.calls)
    this.#before += instance.calls
    void instance.close()
  }

  /** Closes all. */
  async close(): Promise<void> {
    const slots = this.#slots
    for (const slot of slots) this.#remove(slot)
    await Promise.all(slots.map(async ({ instance }) => instance.close()))
  }

  #idle(slot: Slot): void {
    this.#remove(slot)
    void slot.instance.close()
    this.#letGo(slot)
  }

  #remove(slot: Slot): void {
    this.#before += slot.instance.calls
    this.#slots = this.#slots.filter((other) => other !== slot)
    this.#stay?.live.delete(slot.instance)
  }
}

export const sumCalls = (slots: readonly Slot[]): number => slots.reduce((sum, { instance }) => sum + instance.calls, 0)
