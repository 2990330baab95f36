import { GuestFault } from '../../../fault.ts'
import type { NumberArrays, NumberKind } from '../types.ts'
import { checkRange } from './faults.ts'
import type { Allocate, Text } from './text.ts'
import type { Views } from './views.ts'

/** Allocates in the guest: `cabi_realloc` of the canonical ABI. */
export type Realloc = (old: number, oldSize: number, align: number, size: number) => number

/** Writes values into the memory of a guest, where the guest itself makes room. */
export class Lowerer implements Allocate {
  readonly views: Views
  readonly #text: Text
  readonly #realloc: Realloc

  constructor(views: Views, text: Text, realloc: Realloc) {
    this.views = views
    this.#text = text
    this.#realloc = realloc
  }

  /** Room in the guest, which counts as written. */
  allocate(size: number, align: number): number {
    return this.extend(0, 0, align, size)
  }

  /** More room than before for what was put there. */
  extend(pointer: number, size: number, align: number, larger: number): number {
    const { views } = this
    const { memory } = views
    if (larger > memory.limit) tooLarge(larger, memory.limit)
    const room = this.#realloc(pointer, size, align, larger) >>> 0
    views.refresh()
    if ((room & (align - 1)) !== 0 || room + larger > views.u8.length)
      checkRange('room', room, larger, align, views.u8.length)
    memory.mark(room, larger)
    return room
  }

  /** Where a guest wants a result, which counts as written. */
  area(pointer: number, size: number, align: number): number {
    checkRange('the place for a result', pointer, size, align, this.views.u8.length)
    this.views.memory.mark(pointer, size)
    return pointer
  }

  /** Writes a string and gives its pointer; see `length`. */
  string(value: string): number {
    return this.#text.write(value, this)
  }

  /** Of the string that was written last, as the guest takes it. */
  get length(): number {
    return this.#text.length
  }

  /** Writes a list of numbers of some bytes each. */
  numbers(size: number, values: NumberArrays[NumberKind]): number {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const pointer = this.allocate(bytes.length, size)
    this.views.u8.set(bytes, pointer)
    return pointer
  }
}

function tooLarge(asked: number, limit: number): never {
  throw new GuestFault(
    'INPUT_TOO_LARGE',
    `a value of ${asked} bytes does not fit into its memory, which may have ${limit}. Send less, or raise the limit 'memory'`,
  )
}
