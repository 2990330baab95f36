/** Random numbers that a seed decides: Marsaglia's xorshift with 32 bits of state for each of four words (2003). */
export class Random {
  readonly #words = new Uint32Array(4)

  constructor(seed: number, stream = 0) {
    this.#words.set([seed, stream, 0x9e3779b9, 0x243f6a88])
    for (let round = 0; round < 16; round++) this.u32()
  }

  u32(): number {
    const words = this.#words
    let last = words[3] ?? 0
    const first = words[0] ?? 0
    words.copyWithin(1, 0, 3)
    last ^= last << 11
    last ^= last >>> 8
    words[0] = last ^ first ^ (first >>> 19)
    return words[0] ?? 0
  }

  /** A whole number from 0 up to, but not with, `end`. */
  below(end: number): number {
    return this.u32() % end
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0]
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const words = new Uint32Array(Math.ceil(length / 4))
    for (const index of words.keys()) words[index] = this.u32()
    return new Uint8Array(words.buffer, 0, length)
  }

  /** A 64-bit number, often one of those at which arithmetic changes. */
  i64(): bigint {
    const wide = (BigInt(this.u32()) << 32n) | BigInt(this.u32())
    return BigInt.asIntN(64, this.pick([0n, 1n, -1n, 1n << 63n, 1n << 31n, wide, wide >> 40n]))
  }

  i32(): number {
    return Number(BigInt.asIntN(32, this.i64()))
  }

  float(): number {
    return this.pick([0, -0, 1, -1.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 63, 1e-40, this.u32() / 7])
  }
}
