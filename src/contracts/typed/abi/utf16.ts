import { malformed } from './faults.ts'
import { type Allocate, short, type Text } from './text.ts'
import type { Views } from './views.ts'

/** Strings in UTF-16; a length counts units of two bytes. */
export class Utf16 implements Text {
  readonly align = 2
  length = 0
  readonly #views: Views

  constructor(views: Views) {
    this.#views = views
  }

  open(start: number, end: number): string | undefined {
    const text = this.#views.buffer.toString('utf16le', start, end)
    return text.isWellFormed() ? text : undefined
  }

  read(pointer: number, length: number): string {
    return decodeUtf16(this.#views, pointer, length)
  }

  write(text: string, room: Allocate): number {
    const pointer = room.allocate(text.length * 2, 2)
    this.length = text.length
    writeUtf16(this.#views, text, pointer)
    return pointer
  }
}

/** Whether a part of a well-formed text begins or ends within a character. */
export function isCut(text: string): boolean {
  return (text.charCodeAt(0) & 0xfc00) === 0xdc00 || (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
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
