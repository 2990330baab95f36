import { GuestFault } from '../../fault.ts'

/** So many of the last call's objects may stay where they are until they are overwritten. */
const kept = 64

/** The objects that a guest has got in the call under way, by the number that it knows each by. */
export class Handles<T> {
  readonly #what: string
  readonly #items: T[] = []
  #count = 0

  /** @param what - for errors, in the reference engine's words: `key builder` */
  constructor(what: string) {
    this.#what = what
  }

  get count(): number {
    return this.#count
  }

  add(item: T): number {
    this.#items[this.#count] = item
    return this.#count++
  }

  get(handle: number): T {
    const item = this.#items[handle]
    // oxlint-disable-next-line no-unsafe-type-assertion -- below the count they are all of T
    return handle < this.#count && handle >= 0 ? (item as T) : this.#incorrect(handle)
  }

  set(handle: number, item: T): void {
    this.#items[handle] = item
  }

  /** Another call begins: its handles start at 0. */
  clear(): void {
    if (this.#count > kept) this.#items.length = 0
    this.#count = 0
  }

  #incorrect(handle: number): never {
    throw new GuestFault(
      'EXTENSION_HANDLE',
      `incorrect ${this.#what}: ${handle} is none of the ${this.#count} that it has`,
    )
  }
}
