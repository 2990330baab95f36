import { Buffer } from 'node:buffer'
import { decodeUtf8, fromUnits, isAscii, shortText } from '../../../text.ts'
import { type Allocate, short, type Text } from './text.ts'
import type { Views } from './views.ts'

/** Strings in UTF-8; a length counts bytes. */
export class Utf8 implements Text {
  readonly align = 1
  length = 0
  readonly #views: Views

  constructor(views: Views) {
    this.#views = views
  }

  open(start: number, end: number): string | undefined {
    const { u8, buffer } = this.#views
    if (end - start <= shortText && isAscii(u8, start, end)) return fromUnits(u8, start, end)
    const text = buffer.toString('utf8', start, end)
    // A character of more bytes makes the text shorter, and what is no UTF-8 comes out as U+FFFD.
    return text.length === end - start && !text.includes('\ufffd') ? text : undefined
  }

  read(pointer: number, length: number): string {
    const { u8, buffer } = this.#views
    return length === 0 ? '' : decodeUtf8(u8, buffer, pointer, pointer + length)
  }

  write(text: string, room: Allocate): number {
    const units = text.length
    if (units > short) return this.#writeLong(text, room)
    const pointer = room.allocate(units, 1)
    const { u8 } = this.#views
    this.length = units
    for (let index = 0; index < units; index++) {
      const unit = text.charCodeAt(index)
      if (unit > 0x7f) return this.#writeMore(text, pointer, room)
      u8[pointer + index] = unit
    }
    return pointer
  }

  #writeLong(text: string, room: Allocate): number {
    const bytes = Buffer.byteLength(text)
    const pointer = room.allocate(bytes, 1)
    this.length = bytes
    this.#views.buffer.write(text, pointer, bytes, bytes === text.length ? 'latin1' : 'utf8')
    return pointer
  }

  /** A short text that needs more bytes than it has characters. */
  #writeMore(text: string, pointer: number, room: Allocate): number {
    const bytes = Buffer.byteLength(text)
    const larger = room.extend(pointer, text.length, 1, bytes)
    this.length = bytes
    this.#views.buffer.write(text, larger, bytes, 'utf8')
    return larger
  }
}
