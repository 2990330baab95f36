import { GuestFault } from '../../../fault.ts'
import type { NumberArrays, NumberKind } from '../types.ts'
import { checkRange } from './faults.ts'
import type { Text } from './text.ts'
import type { Views } from './views.ts'

/** Allocates in the guest: `cabi_realloc` of the canonical ABI. */
export type Realloc = (old: number, oldSize: number, align: number, size: number) => number

/** Writes values into the memory of a guest, where the guest itself makes room. */
export class Lowerer {
  readonly views: Views
  readonly text: Text
  /** Of the string that was written last, as the guest takes it. */
  length = 0
  readonly #realloc: Realloc

  constructor(views: Views, text: Text, realloc: Realloc) {
    this.views = views
    this.text = text
    this.#realloc = realloc
  }

  /** Room in the guest, which counts as written. */
  allocate(size: number, align: number): number {
    const { views } = this
    const { limit } = views.memory
    if (size > limit) {
      throw new GuestFault(
        'INPUT_TOO_LARGE',
        `a value of ${size} bytes does not fit into its memory, which may have ${limit}. Send less, or raise the limit 'memory'`,
      )
    }
    const pointer = this.#realloc(0, 0, align, size) >>> 0
    views.refresh()
    if ((pointer & (align - 1)) !== 0 || pointer + size > views.u8.length)
      checkRange('room', pointer, size, align, views.u8.length)
    views.memory.mark(pointer, size)
    return pointer
  }

  /** Where a guest wants a result, which counts as written. */
  area(pointer: number, size: number, align: number): number {
    checkRange('the place for a result', pointer, size, align, this.views.u8.length)
    this.views.memory.mark(pointer, size)
    return pointer
  }

  /** Writes a string; see `length`. */
  string(value: string): number {
    const { text } = this
    const bytes = text.measure(value)
    const pointer = this.allocate(bytes, text.align)
    text.write(value, pointer, bytes)
    this.length = text.lengthOf(value, bytes)
    return pointer
  }

  /** Writes a list of numbers of some bytes each. */
  numbers(size: number, values: NumberArrays[NumberKind]): number {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const pointer = this.allocate(bytes.length, size)
    this.views.u8.set(bytes, pointer)
    return pointer
  }
}
