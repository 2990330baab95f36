import { GuestFault } from '../../../fault.ts'
import type { NumberArrays, NumberKind } from '../types.ts'
import { checkRange } from './faults.ts'
import type { Text } from './text.ts'
import type { Views } from './views.ts'

/** An element that becomes an object costs the host more than it has bytes: it counts as at least these. */
const leastElement = 8

/** Up to this many bytes a loop is quicker than a call into the engine's copying (measured on Node 26). */
const fewBytes = 64

/**
 * Reads what a guest hands over, and trusts nothing of it. Compiled code first shows it every string and list of a value,
 * which then are known to lie inside the memory, and only then has them read.
 */
export class Lifter {
  readonly views: Views
  readonly text: Text
  /** Bytes that the strings and lists of this value may still have: where they overlap they could be more than the memory. */
  #left = 0

  constructor(views: Views, text: Text) {
    this.views = views
    this.text = text
  }

  /** A value begins. */
  begin(): void {
    this.#left = this.views.memory.limit
    this.text.begin()
  }

  /** A part of a value that was seen whole is seen once more, for its strings. */
  beginPart(): number {
    this.text.begin()
    return this.#left
  }

  endPart(left: number): void {
    this.#left = left
    this.text.end()
  }

  /** Where a value lies. */
  area(pointer: number, size: number, align: number): number {
    checkRange('a value', pointer, size, align, this.views.u8.length)
    return pointer
  }

  /** Sees a string. */
  string(pointer: number, length: number): void {
    this.#count(this.text.see(pointer, length))
  }

  /** Sees a list of numbers, which are copied. */
  numbers(pointer: number, length: number, size: number): void {
    checkRange('a list', pointer, length * size, size, this.views.u8.length)
    this.#count(length * size)
  }

  /** Sees a list of anything else. */
  list(pointer: number, length: number, size: number, align: number): void {
    checkRange('a list', pointer, length * size, align, this.views.u8.length)
    this.#count(length * Math.max(size, leastElement))
  }

  char(code: number): string {
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      throw new GuestFault('GUEST_RESULT', `it handed over ${code} as a character, which is no Unicode scalar value`)
    return String.fromCodePoint(code)
  }

  /** No case has this number. */
  noCase(type: string, discriminant: number, cases: number): never {
    throw new GuestFault(
      'GUEST_RESULT',
      `it handed over case ${discriminant} of '${type}', whose cases are 0 to ${cases - 1}`,
    )
  }

  /** Of an option that is not 1. */
  none(discriminant: number): undefined {
    if (discriminant !== 0) this.noCase('option', discriminant, 2)
  }

  u8(pointer: number, length: number): Uint8Array {
    const { u8 } = this.views
    if (length > fewBytes) return u8.slice(pointer, pointer + length)
    const copy = new Uint8Array(length)
    for (let index = 0; index < length; index++) copy[index] = u8[pointer + index] ?? 0
    return copy
  }

  /** A copy of a list of numbers of some bytes each. */
  copy(kind: NumberKind, size: number, pointer: number, length: number): NumberArrays[NumberKind] {
    const start = pointer / size
    return this.views[kind].slice(start, start + length)
  }

  #count(bytes: number): void {
    this.#left -= bytes
    if (this.#left >= 0) return
    const { limit } = this.views.memory
    throw new GuestFault(
      'GUEST_RESULT',
      `the strings and lists of one value are more than ${limit} bytes, which is all that its memory may have`,
    )
  }
}
