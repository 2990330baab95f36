import { MortiseError } from '../../errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A cursor over the bytes of a module. Whatever it cannot read is a `MODULE_INVALID` error with the byte offset. */
export class Reader {
  readonly bytes: Uint8Array
  offset: number
  readonly end: number

  constructor(bytes: Uint8Array, offset = 0, end: number = bytes.length) {
    this.bytes = bytes
    this.offset = offset
    this.end = end
  }

  get done(): boolean {
    return this.offset >= this.end
  }

  fail(what: string, offset: number = this.offset): never {
    throw new MortiseError('MODULE_INVALID', `Cannot read the module: ${what} at byte ${offset}`, { offset })
  }

  u8(): number {
    if (this.offset >= this.end) this.fail('it ends too early')
    return this.bytes[this.offset++] ?? 0
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    const first = this.u8()
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.u8()
      if (shift === 28 && byte > 0x0f) this.fail('an integer is too large', this.offset - 1)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    return this.fail('an integer is too long')
  }

  /** Moves past an integer of at most `bits` bits, signed or not. */
  skipInteger(bits: number): void {
    for (let shift = 0; shift < bits; shift += 7) if (this.u8() < 0x80) return
    this.fail('an integer is too long')
  }

  /** Signed LEB128 of at most `bits` bits; exact up to 53 bits, and always moves past the whole integer. */
  signed(bits: number): number {
    let value = 0
    for (let shift = 0; shift < bits; shift += 7) {
      const byte = this.u8()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return byte & 0x40 ? value - 2 ** (shift + 7) : value
    }
    return this.fail('an integer is too long')
  }

  /** Moves past `length` bytes and returns where they start. */
  skip(length: number): number {
    const start = this.offset
    if (length > this.end - start) this.fail(`${length} bytes are wanted and ${this.end - start} are left`)
    this.offset = start + length
    return start
  }

  take(length: number): Uint8Array {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }

  name(): string {
    const start = this.offset
    const bytes = this.take(this.u32())
    try {
      return utf8.decode(bytes)
    } catch {
      return this.fail('a name is not valid UTF-8', start)
    }
  }

  /** A vector: its length, then that many items. The length is checked against the bytes that are left. */
  vector<T>(item: (index: number) => T): T[] {
    const count = this.u32()
    if (count > this.end - this.offset)
      this.fail(`${count} items are promised and ${this.end - this.offset} bytes are left`)
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(item(index))
    return items
  }

  /** A reader of the next `length` bytes, which this one moves past. */
  part(length: number): Reader {
    const start = this.skip(length)
    return new Reader(this.bytes, start, start + length)
  }
}
