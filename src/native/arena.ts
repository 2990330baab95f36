import { Buffer } from 'node:buffer'
import { GuestFault } from '../fault.ts'
import type { NativeArena } from '../units.ts'
import { head } from './abi.ts'
import type { Ffi } from './ffi.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The memory that a library and its host share: of fixed size, and told to the library once. */
export class Arena implements NativeArena {
  readonly limit: number
  readonly begin: number = head.arguments
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView<ArrayBuffer>
  readonly #buffer: Buffer<ArrayBuffer>

  constructor(size: number) {
    this.limit = size
    this.#bytes = new Uint8Array(size)
    this.#view = new DataView(this.#bytes.buffer)
    this.#buffer = Buffer.from(this.#bytes.buffer)
    this.#view.setUint32(head.size, size, true)
  }

  /** Where C finds it. It stays there as long as this object is kept. */
  address(ffi: Ffi): bigint {
    return ffi.address(this.#bytes)
  }

  /** Frees all that was allocated, and forgets the last failure. */
  reset(): void {
    this.#view.setUint32(head.top, head.arguments, true)
    this.#view.setUint32(head.refused, 0, true)
    this.#view.setUint32(head.errorLength, 0, true)
  }

  /** Gives the memory back at once. Every later access throws. */
  free(): void {
    this.#bytes.buffer.transfer(0)
  }

  /** Bytes of an allocation of the library that did not fit, 0 where all did. */
  get refused(): number {
    return this.#view.getUint32(head.refused, true)
  }

  /** What the library says about the failure that it reported. */
  failure(): GuestFault {
    const { refused } = this
    if (refused !== 0)
      return new GuestFault(
        'NATIVE_ARENA_FULL',
        `it asked for ${refused} bytes more than its arena of ${this.limit} bytes has left`,
      )
    const length = this.#view.getUint32(head.errorLength, true)
    const message =
      length === 0 ? 'it failed and did not say why' : this.readUtf8(this.#view.getUint32(head.error, true), length)
    return new GuestFault('GUEST_FAILED', message, { guest: { message } })
  }

  allocate(bytes: number, alignment: number): number {
    const top = this.#view.getUint32(head.top, true)
    const start = Math.ceil(top / alignment) * alignment
    if (!(start + bytes <= this.limit))
      throw new GuestFault(
        'INPUT_TOO_LARGE',
        `${bytes} bytes of arguments do not fit into its arena of ${this.limit} bytes. Send less, or raise 'arena'`,
      )
    this.#view.setUint32(head.top, start + bytes, true)
    return start
  }

  buffer(): ArrayBuffer {
    return this.#bytes.buffer
  }

  /** Nothing is restored, so nobody wants to know. */
  mark(): void {}

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes
  }

  view(): DataView<ArrayBuffer> {
    return this.#view
  }

  readBytes(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    this.#check(pointer, length)
    return this.#bytes.slice(pointer, pointer + length)
  }

  writeBytes(pointer: number, bytes: Uint8Array): void {
    this.#check(pointer, bytes.length)
    this.#bytes.set(bytes, pointer)
  }

  readUtf8(pointer: number, length: number): string {
    this.#check(pointer, length)
    const text = this.#buffer.toString('utf8', pointer, pointer + length)
    // Only what was no UTF-8, or holds the character itself, comes out with U+FFFD in it.
    if (!text.includes('\ufffd')) return text
    try {
      return strict.decode(this.#bytes.subarray(pointer, pointer + length))
    } catch {
      throw new GuestFault('GUEST_STRING', `the ${length} bytes at ${pointer} are not valid UTF-8`)
    }
  }

  writeUtf8(pointer: number, room: number, text: string): number {
    this.#check(pointer, room)
    return this.#buffer.write(text, pointer, room, 'utf8')
  }

  #check(pointer: number, length: number): void {
    if (pointer >= 0 && length >= 0 && pointer + length <= this.limit) return
    throw new GuestFault('GUEST_POINTER', `${length} bytes at ${pointer} are not in its arena of ${this.limit} bytes`)
  }
}
