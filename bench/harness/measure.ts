import { median } from './figures.ts'
import type { Bench } from './suite.ts'

/** Shorter batches would measure the clock. */
const batchTime = 0.2

/** A round ends after this many times its length, whatever happens off the clock. */
const patience = 4

/** What one round found: nanoseconds of a run in each batch, and how many runs there were. */
export interface Round {
  readonly mean: number
  readonly batches: readonly number[]
  readonly n: number
  /** How many times the floor it took. */
  readonly ratio?: number
}

/** Runs one bench, in batches that are long enough for the clock. */
export class Measure {
  readonly #bench: Bench
  #count = 1

  constructor(bench: Bench) {
    this.#bench = bench
  }

  /** Runs for a while, so that V8 has compiled what it will, and finds out how many runs make a batch. */
  async warm(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds
    do {
      const time = await this.#batch(this.#bench.run)
      await this.#baseline()
      await this.#floor()
      const most = this.#bench.most ?? Infinity
      if (time < batchTime) this.#count = Math.min(most, this.#count * 2)
      else if (time > 4 * batchTime) this.#count = Math.max(1, Math.floor(this.#count / 2))
    } while (performance.now() < end)
  }

  /** Measures until as much time was on the clock. */
  async round(milliseconds: number): Promise<Round> {
    const batches: number[] = []
    const end = performance.now() + patience * milliseconds
    let total = 0
    const floor: number[] = []
    while (total < milliseconds && (batches.length === 0 || performance.now() < end)) {
      const time = await this.#batch(this.#bench.run)
      const net = time - (await this.#baseline())
      total += time
      floor.push(((await this.#floor()) * 1e6) / this.#count)
      batches.push((net * 1e6) / this.#count)
    }
    const n = batches.length * this.#count
    return {
      mean: batches.reduce((sum, batch) => sum + batch, 0) / batches.length,
      batches,
      n,
      ...(this.#bench.floor !== undefined && { ratio: median(batches) / median(floor) }),
    }
  }

  async #baseline(): Promise<number> {
    const { without } = this.#bench
    return without === undefined ? 0 : this.#batch(without)
  }

  async #floor(): Promise<number> {
    const { floor } = this.#bench
    return floor === undefined ? 0 : this.#batch(floor)
  }

  /** @returns milliseconds */
  async #batch(run: (count: number) => void | Promise<void>): Promise<number> {
    const count = this.#count
    await this.#bench.before?.(count)
    const start = performance.now()
    // Through a built-in function: V8 would else compile the bench's loop into this one as soon as both are hot, and then
    // inlines other things than where the loop stands by itself (raw no-op: 0.4 ns became 3.5).
    const [promise] = Array.from([count], run)
    // A synchronous subject does not pay for a promise.
    if (promise !== undefined) await promise
    const wall = performance.now() - start
    const time = run === this.#bench.run ? (this.#bench.clock?.() ?? wall) : wall
    await this.#bench.after?.()
    return time
  }
}
