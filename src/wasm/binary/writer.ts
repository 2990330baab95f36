const utf8 = new TextEncoder()

/** What writers begin with: many never hold anything. */
const nothing = new Uint8Array(0)
const firstRoom = 256

/** Builds the bytes of a module; every method returns the writer, so that a body reads like a sentence. */
export class Writer {
  #bytes: Uint8Array = nothing
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  u8(...values: readonly number[]): this {
    this.#room(values.length)
    for (const value of values) this.#bytes[this.#length++] = value
    return this
  }

  /** Unsigned LEB128. */
  u32(value: number): this {
    this.#room(5)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
    return this
  }

  /** Signed LEB128 of 32 bits. */
  s32(value: number): this {
    let rest = value | 0
    for (;;) {
      const byte = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return this.u8(byte)
      this.u8(byte | 0x80)
    }
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** What another writer holds. */
  append(other: Writer): this {
    return this.raw(other.#bytes.subarray(0, other.#length))
  }

  name(text: string): this {
    const bytes = utf8.encode(text)
    return this.u32(bytes.length).raw(bytes)
  }

  /** What `build` writes, with its length before it: a section's or a function's body. */
  sized(build: (body: Writer) => void): this {
    const body = new Writer()
    build(body)
    return this.u32(body.length).append(body)
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count, firstRoom))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
