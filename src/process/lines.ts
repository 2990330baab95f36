import { isUtf8 } from 'node:buffer'

const newline = 0x0a

/** Cuts a stream of bytes into lines of UTF-8. */
export class Lines {
  readonly #limit: number
  #partial: Uint8Array[] = []
  #size = 0

  /** @param limit - bytes that a line may have */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether the line that has begun is longer than a line may be. */
  get tooLong(): boolean {
    return this.#size > this.#limit
  }

  /** Takes some bytes, and gives the lines that they complete; `undefined` for one that is not UTF-8. */
  push(bytes: Uint8Array): readonly (string | undefined)[] {
    const end = bytes.lastIndexOf(newline)
    if (end === -1) {
      this.#keep(bytes)
      return []
    }
    const complete = this.#take(bytes.subarray(0, end))
    if (end + 1 < bytes.length) this.#keep(bytes.subarray(end + 1))
    return decode(complete)
  }

  /** What has come of a line that was never completed. */
  rest(): string | undefined {
    const bytes = this.#take(new Uint8Array())
    return bytes.length > 0 && isUtf8(bytes) ? bytes.toString() : undefined
  }

  #keep(bytes: Uint8Array): void {
    this.#partial.push(bytes)
    this.#size += bytes.length
  }

  #take(last: Uint8Array): Buffer {
    const whole =
      this.#size === 0
        ? Buffer.from(last.buffer, last.byteOffset, last.byteLength)
        : Buffer.concat([...this.#partial, last])
    this.#partial = []
    this.#size = 0
    return whole
  }
}

/** No byte of a character of several bytes looks like the end of a line, so all lines are decoded at once where they can be. */
function decode(lines: Buffer): readonly (string | undefined)[] {
  if (isUtf8(lines)) return lines.toString().split('\n')
  return lines
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const bytes = Buffer.from(line, 'latin1')
      return isUtf8(bytes) ? bytes.toString() : undefined
    })
}
