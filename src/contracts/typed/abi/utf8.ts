import { Buffer } from 'node:buffer'
import { decodeUtf8 } from '../../../text.ts'
import { checkRange } from './faults.ts'
import { short, type Text, widest } from './text.ts'
import type { Views } from './views.ts'

/** Strings in UTF-8; a length counts bytes. */
export class Utf8 implements Text {
  readonly align = 1
  wide = false
  readonly #views: Views
  #low = 0
  #high = 0
  #window = ''
  /** Every byte of the window is a character of its own. */
  #plain = true

  constructor(views: Views) {
    this.#views = views
  }

  begin(): void {
    this.#low = 2 ** 32
    this.#high = 0
  }

  see(pointer: number, length: number): number {
    const end = pointer + length
    if (end > this.#views.u8.length) checkRange('a string', pointer, length, 1, this.#views.u8.length)
    if (pointer < this.#low) this.#low = pointer
    if (end > this.#high) this.#high = end
    return length
  }

  end(): void {
    const bytes = this.#high - this.#low
    this.wide = bytes > widest
    if (this.wide || bytes <= 0) return
    const { buffer } = this.#views
    const text = buffer.toString('utf8', this.#low, this.#high)
    // A character of more bytes makes the text shorter, and what is no UTF-8 comes out as U+FFFD.
    this.#plain = text.length === bytes && !text.includes('\ufffd')
    this.#window = this.#plain ? text : buffer.toString('latin1', this.#low, this.#high)
  }

  read(pointer: number, length: number): string {
    if (length === 0) return ''
    const end = pointer + length
    if (this.#plain && !this.wide) return this.#window.slice(pointer - this.#low, end - this.#low)
    const { u8, buffer } = this.#views
    if (this.wide) return decodeUtf8(u8, buffer, pointer, end)
    let bits = 0
    for (let index = pointer; index < end; index++) bits |= u8[index] ?? 0
    return bits > 0x7f ? decodeUtf8(u8, buffer, pointer, end) : this.#window.slice(pointer - this.#low, end - this.#low)
  }

  measure(text: string): number {
    if (text.length > short) return Buffer.byteLength(text)
    let bits = 0
    for (let index = 0; index < text.length; index++) bits |= text.charCodeAt(index)
    return bits > 0x7f ? Buffer.byteLength(text) : text.length
  }

  write(text: string, pointer: number, bytes: number): void {
    if (bytes > short || bytes !== text.length) {
      this.#views.buffer.write(text, pointer, bytes, 'utf8')
      return
    }
    const { u8 } = this.#views
    for (let index = 0; index < bytes; index++) u8[pointer + index] = text.charCodeAt(index)
  }

  lengthOf(_: string, bytes: number): number {
    return bytes
  }
}
