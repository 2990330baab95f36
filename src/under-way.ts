/** Something that is under way. */
export interface UnderWay<T> {
  readonly value: T
  /** Its place among the others. */
  index: number
}

/**
 * What is under way. No `Set`: where thousands come and go a second, its tables are not collected for long, since each that was
 * replaced holds the next.
 */
export class AllUnderWay<T> {
  readonly #all: UnderWay<T>[] = []

  get size(): number {
    return this.#all.length
  }

  add(value: T): UnderWay<T> {
    const one = { value, index: this.#all.length }
    this.#all.push(one)
    return one
  }

  /** It has ended. Once more changes nothing. */
  delete(one: UnderWay<T>): void {
    if (this.#all[one.index] !== one) return
    const last = this.#all.pop()
    if (last === undefined || last === one) return
    last.index = one.index
    this.#all[one.index] = last
  }

  values(): readonly T[] {
    return this.#all.map(({ value }) => value)
  }
}
