import { checkRange } from './faults.ts'
import type { Text } from './text.ts'
import { decodeUtf16, writeUtf16 } from './utf16.ts'
import type { Views } from './views.ts'

/** The bit of a length that says that the string is UTF-16. */
const wideTag = 2 ** 31

/** Strings each in Latin-1 or, where that cannot say it, in UTF-16. They are read one by one. */
export class Latin1Utf16 implements Text {
  readonly align = 2
  wide = false
  readonly #views: Views

  constructor(views: Views) {
    this.#views = views
  }

  begin(): void {}

  end(): void {}

  see(pointer: number, length: number): number {
    const bytes = length >= wideTag ? (length - wideTag) * 2 : length
    checkRange('a string', pointer, bytes, 2, this.#views.u8.length)
    return bytes
  }

  read(pointer: number, length: number): string {
    return length >= wideTag
      ? decodeUtf16(this.#views, pointer, length - wideTag)
      : this.#views.buffer.toString('latin1', pointer, pointer + length)
  }

  measure(text: string): number {
    for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return text.length * 2
    return text.length
  }

  write(text: string, pointer: number, bytes: number): void {
    if (bytes === text.length) this.#views.buffer.write(text, pointer, 'latin1')
    else writeUtf16(this.#views, text, pointer)
  }

  lengthOf(text: string, bytes: number): number {
    return bytes === text.length ? bytes : text.length + wideTag
  }
}
