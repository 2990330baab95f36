import { checkRange, malformed } from './faults.ts'
import { short, type Text, widest } from './text.ts'
import type { Views } from './views.ts'

/** Strings in UTF-16; a length counts units of two bytes. */
export class Utf16 implements Text {
  readonly align = 2
  wide = false
  readonly #views: Views
  #low = 0
  #high = 0
  #window = ''
  /** No unit of the window is half a character. */
  #wellFormed = true

  constructor(views: Views) {
    this.#views = views
  }

  begin(): void {
    this.#low = 2 ** 32
    this.#high = 0
  }

  see(pointer: number, length: number): number {
    const end = pointer + length * 2
    if ((pointer & 1) !== 0 || end > this.#views.u8.length)
      checkRange('a string', pointer, length * 2, 2, this.#views.u8.length)
    if (pointer < this.#low) this.#low = pointer
    if (end > this.#high) this.#high = end
    return length * 2
  }

  end(): void {
    const bytes = this.#high - this.#low
    this.wide = bytes > widest
    if (this.wide || bytes <= 0) return
    this.#window = this.#views.buffer.toString('utf16le', this.#low, this.#high)
    this.#wellFormed = this.#window.isWellFormed()
  }

  read(pointer: number, length: number): string {
    if (length === 0) return ''
    if (this.wide) return decodeUtf16(this.#views, pointer, length)
    const start = (pointer - this.#low) / 2
    const text = this.#window.slice(start, start + length)
    // Of a well-formed window a part may still begin or end within a character.
    const whole = this.#wellFormed
      ? !isLow(text.charCodeAt(0)) && !isHigh(text.charCodeAt(length - 1))
      : text.isWellFormed()
    return whole ? text : malformed(length * 2, pointer, 'UTF-16')
  }

  measure(text: string): number {
    return text.length * 2
  }

  write(text: string, pointer: number): void {
    writeUtf16(this.#views, text, pointer)
  }

  lengthOf(text: string): number {
    return text.length
  }
}

export function decodeUtf16({ buffer }: Views, pointer: number, length: number): string {
  const text = buffer.toString('utf16le', pointer, pointer + length * 2)
  return text.isWellFormed() ? text : malformed(length * 2, pointer, 'UTF-16')
}

export function writeUtf16({ u16, buffer }: Views, text: string, pointer: number): void {
  if (text.length > short) {
    buffer.write(text, pointer, 'utf16le')
    return
  }
  const first = pointer / 2
  for (let index = 0; index < text.length; index++) u16[first + index] = text.charCodeAt(index)
}

const isHigh = (unit: number): boolean => (unit & 0xfc00) === 0xd800
const isLow = (unit: number): boolean => (unit & 0xfc00) === 0xdc00
