/** Nodes that a thread takes at a time. */
const portion = 8

/** How far the threads have got with the calls about many nodes, in memory that they share: a result for each node. */
export class Progress {
  /** How many nodes were taken; then, by thread, whether it has taken any. */
  readonly #head: Int32Array
  /** By node, whether its result is there. */
  readonly #done: Int32Array
  readonly codes: Int32Array
  readonly scores: Int32Array
  readonly #count: number

  constructor(shared: SharedArrayBuffer, count: number, threads: number) {
    const parts = [1 + threads, count, count, count]
    let at = 0
    const [head, done, codes, scores] = parts.map((length) => {
      const part = new Int32Array(shared, at, length)
      at += part.byteLength
      return part
    })
    this.#head = head ?? new Int32Array(0)
    this.#done = done ?? new Int32Array(0)
    this.codes = codes ?? new Int32Array(0)
    this.scores = scores ?? new Int32Array(0)
    this.#count = count
  }

  static share(count: number, threads: number): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * (1 + threads + 3 * count))
  }

  /** Takes some of the nodes that nobody has taken. @returns their places, or `undefined` where there are none */
  take(thread: number | undefined): readonly [first: number, end: number] | undefined {
    // Before it takes any: who finds them all taken knows then who has.
    if (thread !== undefined) Atomics.store(this.#head, 1 + thread, 1)
    const first = Atomics.add(this.#head, 0, portion)
    return first < this.#count ? [first, Math.min(first + portion, this.#count)] : undefined
  }

  /** A thread may have taken some. */
  tookPart(thread: number): boolean {
    return Atomics.load(this.#head, 1 + thread) === 1
  }

  put(place: number, code: number, score: number): void {
    this.codes[place] = code
    this.scores[place] = score
    Atomics.store(this.#done, place, 1)
  }

  isDone(place: number): boolean {
    return Atomics.load(this.#done, place) === 1
  }
}
