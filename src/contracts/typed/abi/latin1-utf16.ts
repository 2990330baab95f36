import type { Allocate, Text } from './text.ts'
import { decodeUtf16, writeUtf16 } from './utf16.ts'
import type { Views } from './views.ts'

/** The bit of a length that says that the string is UTF-16. */
const wide = 2 ** 31

/** Strings each in Latin-1 or, where that cannot say it, in UTF-16. They are read one by one. */
export class Latin1Utf16 implements Text {
  readonly align = 2
  length = 0
  readonly #views: Views

  constructor(views: Views) {
    this.#views = views
  }

  open(): undefined {
    return undefined
  }

  read(pointer: number, length: number): string {
    return length >= wide
      ? decodeUtf16(this.#views, pointer, length - wide)
      : this.#views.buffer.toString('latin1', pointer, pointer + length)
  }

  write(text: string, room: Allocate): number {
    const { length } = text
    if (isLatin1(text)) {
      const pointer = room.allocate(length, 2)
      this.#views.buffer.write(text, pointer, 'latin1')
      this.length = length
      return pointer
    }
    const pointer = room.allocate(length * 2, 2)
    writeUtf16(this.#views, text, pointer)
    this.length = length + wide
    return pointer
  }
}

function isLatin1(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return false
  return true
}
