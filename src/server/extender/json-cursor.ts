import { MortiseError } from '../../errors.ts'

/**
 * Goes through the bytes of JSON without reading more of it than is asked for: large parts can be skipped, or are known already.
 * Brackets are counted on the way, and what is between them is left to whoever takes it.
 *
 * Everything here throws `REQUEST_INVALID` where something else stands than what is looked for.
 */
export class JsonCursor {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Where it stands. */
  get at(): number {
    return this.#at
  }

  /** The names of an object's members, each while its value stands here; one that is not taken is skipped. */
  *members(): Generator<string> {
    if (this.#opened(openBrace, closeBrace, 'an object')) return
    do {
      const start = this.#at
      this.#skipText()
      const name = String(this.#parse(start))
      this.#skipSpace()
      if (this.#bytes[this.#at] !== colon) this.#unexpected("':'")
      this.#at++
      this.#skipSpace()
      const value = this.#at
      yield name
      if (this.#at === value) this.skip()
    } while (this.#follows(closeBrace, "',' or '}'"))
  }

  /** The elements of a list, each while it stands here; one that is not taken is skipped. */
  *elements(): Generator<void> {
    if (this.#opened(openBracket, closeBracket, 'a list')) return
    do {
      const value = this.#at
      yield
      if (this.#at === value) this.skip()
    } while (this.#follows(closeBracket, "',' or ']'"))
  }

  /** Takes the value that stands here. */
  value(): unknown {
    const start = this.#at
    this.skip()
    return this.#parse(start)
  }

  /** Takes a `null`, if one stands here. */
  null(): boolean {
    const found = this.stands(nothing)
    if (found) this.#at += nothing.length
    return found
  }

  /** Whether these bytes are those that stand here. */
  stands(text: Buffer): boolean {
    const end = this.#at + text.length
    return end <= this.#bytes.length && this.#bytes.compare(text, 0, text.length, this.#at, end) === 0
  }

  /** Goes on behind a value that is known to be so long. */
  advance(length: number): void {
    this.#at += length
  }

  /** Goes on behind the value that stands here. */
  skip(): void {
    const bytes = this.#bytes
    const first = bytes[this.#at]
    if (first === quote) return this.#skipText()
    if (first !== openBrace && first !== openBracket) return this.#skipWord()
    let depth = 0
    for (let at = this.#at; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === quote) {
        at = endOfText(bytes, at)
      } else if (byte === openBrace || byte === openBracket) {
        depth++
      } else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) {
        this.#at = at + 1
        return undefined
      }
    }
    this.#at = bytes.length
    return this.#unexpected('the end of a value')
  }

  /** Nothing but space follows. */
  end(): void {
    this.#skipSpace()
    if (this.#at < this.#bytes.length) this.#unexpected('the end')
  }

  #parse(start: number): unknown {
    try {
      return JSON.parse(this.#bytes.toString('utf8', start, this.#at))
    } catch (cause) {
      const sentence = `Cannot read a request as JSON: of the value at byte ${start}: ${String(cause)}`
      throw new MortiseError('REQUEST_INVALID', sentence, { cause })
    }
  }

  #skipSpace(): void {
    const bytes = this.#bytes
    for (let byte = bytes[this.#at]; byte === 32 || byte === 10 || byte === 13 || byte === 9; byte = bytes[this.#at])
      this.#at++
  }

  #skipText(): void {
    if (this.#bytes[this.#at] !== quote) this.#unexpected('a text')
    this.#at = endOfText(this.#bytes, this.#at) + 1
    if (this.#at > this.#bytes.length) this.#unexpected('the end of a text')
  }

  #skipWord(): void {
    const start = this.#at
    while (wordBytes.has(this.#bytes[this.#at])) this.#at++
    if (this.#at === start) this.#unexpected('a value')
  }

  /** @returns whether there is nothing in it */
  #opened(open: number | undefined, close: number | undefined, what: string): boolean {
    this.#skipSpace()
    if (this.#bytes[this.#at] !== open) this.#unexpected(what)
    this.#at++
    this.#skipSpace()
    const empty = this.#bytes[this.#at] === close
    if (empty) this.#at++
    return empty
  }

  /** @returns whether there is one more */
  #follows(close: number | undefined, wanted: string): boolean {
    this.#skipSpace()
    const byte = this.#bytes[this.#at]
    if (byte !== comma && byte !== close) this.#unexpected(wanted)
    this.#at++
    if (byte === comma) this.#skipSpace()
    return byte === comma
  }

  #unexpected(wanted: string): never {
    const byte = this.#bytes[this.#at]
    const found = byte === undefined ? 'nothing follows' : `there is '${String.fromCharCode(byte)}'`
    const sentence = `Cannot read a request as JSON: at byte ${this.#at} ${found} in place of ${wanted}`
    throw new MortiseError('REQUEST_INVALID', sentence)
  }
}

const [quote, comma, colon, openBracket, backslash, closeBracket, openBrace, closeBrace] = Buffer.from('",:[\\]{}')
const nothing = Buffer.from('null')
/** What numbers, `true`, `false` and `null` are made of. */
const wordBytes: ReadonlySet<number | undefined> = new Set(Buffer.from('+-.0123456789Eaeflnrstu'))

/** Where the text ends that begins here: at its quotation mark, or behind the last byte where there is none. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) return at
    if (byte === backslash) at++
  }
  return bytes.length
}
