import { Buffer } from 'node:buffer'
import type { GuestMemory } from '../units.ts'
import { GuestFault } from '../fault.ts'
import { checkLength, decodeUtf8, fromUnits, shortText } from '../text.ts'
import { markBits } from './rewrite/dirty.ts'

/**
 * The views on a guest's memory. Growth detaches an `ArrayBuffer`, which empties the views on it: that is what every
 * access looks for first, so that no host function ever writes through a view that is gone.
 */
export class MemoryViews implements GuestMemory {
  readonly limit: number
  #memory: WebAssembly.Memory | undefined
  /** Where the pages that are written to are marked, once somebody asks for it. */
  #map: Uint8Array | undefined
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #view: DataView<ArrayBuffer> = new DataView(this.#bytes.buffer)
  #units: Uint16Array<ArrayBuffer> = new Uint16Array(0)
  #buffer: Buffer<ArrayBuffer> = Buffer.from(this.#bytes.buffer)

  /** @param limit - the most bytes that the memory may ever have */
  constructor(limit: number) {
    this.limit = limit
  }

  /** Gives the views their memory, which exists only once the instance does. Without one every access is out of range. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory
    this.#renew()
  }

  /** Marks from now on what the host writes, as the guest does. */
  track(shadow: WebAssembly.Memory): void {
    this.#map = new Uint8Array(shadow.buffer, 0, 2 ** (32 - markBits))
  }

  mark(pointer: number, length: number): void {
    if (this.#map === undefined || length <= 0) return
    const start = pointer >>> 0
    const first = start >>> markBits
    const last = (start + length - 1) >>> markBits
    // A fill costs what twenty stores do.
    if (first === last) this.#map[first] = 1
    else this.#map.fill(1, first, last + 1)
  }

  buffer(): ArrayBuffer {
    return this.current().buffer
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = this.current()
    this.mark(0, bytes.length)
    return bytes
  }

  view(): DataView<ArrayBuffer> {
    this.bytes()
    return this.#view
  }

  /** All of it, for our own functions, which mark what they write. */
  current(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#renew()
    return this.#bytes
  }

  currentView(): DataView<ArrayBuffer> {
    this.current()
    return this.#view
  }

  readBytes(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    const start = this.#range(pointer, length)
    return this.#bytes.slice(start, start + length)
  }

  writeBytes(pointer: number, bytes: Uint8Array): void {
    const start = this.#range(pointer, bytes.length)
    this.mark(start, bytes.length)
    this.#bytes.set(bytes, start)
  }

  readUtf8(pointer: number, length: number): string {
    const start = this.#range(pointer, length)
    return decodeUtf8(this.#bytes, this.#buffer, start, start + length)
  }

  writeUtf8(pointer: number, room: number, text: string): number {
    const start = this.#range(pointer, room)
    this.mark(start, room)
    const bytes = this.#bytes
    if (text.length <= shortText && text.length <= room) {
      let index = 0
      for (; index < text.length; index++) {
        const unit = text.charCodeAt(index)
        if (unit > 0x7f) break
        bytes[start + index] = unit
      }
      if (index === text.length) return index
    }
    return this.#buffer.write(text, start, room, 'utf8')
  }

  readUtf16(pointer: number, length: number): string {
    const start = this.#range(pointer, length)
    if (length % 2 !== 0)
      throw new GuestFault('GUEST_STRING', `${length} bytes at ${start} are not UTF-16: the length is odd`)
    checkLength(length / 2)
    if (length > 2 * shortText || start % 2 !== 0) return this.#buffer.toString('utf16le', start, start + length)
    return fromUnits(this.#units, start / 2, (start + length) / 2)
  }

  writeUtf16(pointer: number, text: string): void {
    const start = this.#range(pointer, text.length * 2)
    this.mark(start, text.length * 2)
    if (text.length > shortText || start % 2 !== 0) {
      this.#buffer.write(text, start, 'utf16le')
      return
    }
    const units = this.#units
    const first = start / 2
    for (let index = 0; index < text.length; index++) units[first + index] = text.charCodeAt(index)
  }

  readString(pointer: number): string {
    const start = this.#range(pointer - 4, 4)
    return this.readUtf16(start + 4, this.#view.getUint32(start, true))
  }

  /** Checks that a range lies inside the memory and returns its start, unsigned. */
  #range(pointer: number, length: number): number {
    if (this.#bytes.length === 0) this.#renew()
    // A guest's numbers come signed; what does not have 32 bits is no pointer at all, and NaN is never inside.
    const start = pointer < 0 ? pointer + 2 ** 32 : pointer
    const size = length < 0 ? length + 2 ** 32 : length
    if (!(start >= 0 && size >= 0 && start + size <= this.#bytes.length)) {
      throw new GuestFault(
        'GUEST_POINTER',
        `${size} bytes at ${start} are not in its memory of ${this.#bytes.length} bytes`,
      )
    }
    return start
  }

  #renew(): void {
    if (this.#memory === undefined) return
    const buffer = this.#memory.buffer
    this.#bytes = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
    this.#units = new Uint16Array(buffer)
    this.#buffer = Buffer.from(buffer)
  }
}
