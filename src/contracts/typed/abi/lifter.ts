import { GuestFault } from '../../../fault.ts'
import type { NumberArrays, NumberKind } from '../types.ts'
import { checkRange } from './faults.ts'
import { budgetOf } from './heap.ts'
import type { Views } from './views.ts'

/** Up to this many bytes a loop is quicker than a call into the engine's copying (measured on Node 26). */
const fewBytes = 64

/** Looks at what a guest hands over, of which it trusts nothing, and reads what the compiled code does not read itself. */
export class Lifter {
  readonly views: Views
  /** Bytes that one value may take in the host. */
  readonly budget: number

  constructor(views: Views) {
    this.views = views
    this.budget = budgetOf(views.memory.limit)
  }

  /** Refuses a value that does not lie where it may. */
  area(pointer: number, size: number, align: number): void {
    checkRange('a value', pointer, size, align, this.views.u8.length)
  }

  /** Refuses a list that does not lie where it may. */
  list(pointer: number, length: number, size: number, align: number): void {
    checkRange('a list', pointer, length * size, align, this.views.u8.length)
  }

  /** Some string or list does not lie where it may, or all of them are too much. */
  refuse(left: number, end: number): never {
    if (left < 0) {
      throw new GuestFault(
        'GUEST_RESULT',
        `the strings and lists of one value take more than ${this.budget} bytes of the host, which is all that they may. Return less at once`,
      )
    }
    const { length } = this.views.u8
    throw new GuestFault(
      'GUEST_POINTER',
      end > length
        ? `it handed over a string that ends at ${end}, and its memory has ${length} bytes`
        : 'it handed over a string at an odd pointer, and its units have two bytes',
    )
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
}
