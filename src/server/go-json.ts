/**
 * What Go's `encoding/json` says about a text that is not JSON: its scanner, as far as its sentences go. Clients of OpenWhisk match on
 * them.
 *
 * The sentences are those of the Go standard library, https://pkg.go.dev/encoding/json
 */
export function goSyntaxError(bytes: Uint8Array): string | undefined {
  try {
    new Scanner(bytes).document()
    return undefined
  } catch (error) {
    if (error instanceof Wrong) return error.message
    throw error
  }
}

/** What Go calls the type of a value that does not fit where it stands. */
export function goValue(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

class Wrong extends Error {}

const deepest = 10_000
const space: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])
const code = (character: string): number => character.charCodeAt(0)
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
const isHex = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
const escapes: ReadonlySet<number> = new Set(Array.from('bfnrt\\/"', code))

class Scanner {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  document(): void {
    this.#value(0)
    this.#skip()
    if (this.#at < this.#bytes.length) this.#refuse('after top-level value')
  }

  #value(depth: number): void {
    this.#skip()
    const byte = this.#peek()
    if (byte === code('{') || byte === code('[')) {
      if (depth === deepest) throw new Wrong('exceeded max depth')
      this.#at++
      return byte === code('{') ? this.#object(depth + 1) : this.#array(depth + 1)
    }
    if (byte === code('"')) return this.#string()
    if (byte === code('-') || isDigit(byte)) return this.#number()
    const word = ['true', 'false', 'null'].find((name) => code(name) === byte)
    return word === undefined ? this.#refuse('looking for beginning of value') : this.#word(word)
  }

  #object(depth: number): void {
    this.#skip()
    if (this.#take('}')) return
    for (;;) {
      this.#skip()
      if (this.#peek() !== code('"')) this.#refuse('looking for beginning of object key string')
      this.#string()
      this.#skip()
      if (!this.#take(':')) this.#refuse('after object key')
      this.#value(depth)
      this.#skip()
      if (this.#take('}')) return
      if (!this.#take(',')) this.#refuse('after object key:value pair')
    }
  }

  #array(depth: number): void {
    this.#skip()
    if (this.#take(']')) return
    for (;;) {
      this.#value(depth)
      this.#skip()
      if (this.#take(']')) return
      if (!this.#take(',')) this.#refuse('after array element')
    }
  }

  #string(): void {
    this.#at++
    for (;;) {
      const byte = this.#peek()
      if (byte < 0x20) this.#refuse('in string literal')
      this.#at++
      if (byte === code('"')) return
      if (byte === code('\\')) this.#escape()
    }
  }

  #escape(): void {
    const byte = this.#peek()
    if (byte !== code('u') && !escapes.has(byte)) this.#refuse('in string escape code')
    this.#at++
    if (byte !== code('u')) return
    for (let digit = 0; digit < 4; digit++, this.#at++) {
      if (!isHex(this.#peek())) this.#refuse('in \\u hexadecimal character escape')
    }
  }

  #number(): void {
    if (this.#take('-') && !isDigit(this.#peek())) this.#refuse('in numeric literal')
    if (!this.#take('0')) this.#digits()
    if (this.#take('.')) {
      if (!isDigit(this.#peek())) this.#refuse('after decimal point in numeric literal')
      this.#digits()
    }
    if (this.#take('e') || this.#take('E')) {
      if (!this.#take('+')) this.#take('-')
      if (!isDigit(this.#peek())) this.#refuse('in exponent of numeric literal')
      this.#digits()
    }
  }

  #word(word: string): void {
    for (const character of word) {
      if (this.#peek() !== code(character)) this.#refuse(`in literal ${word} (expecting ${quoted(code(character))})`)
      this.#at++
    }
  }

  #digits(): void {
    while (this.#at < this.#bytes.length && isDigit(this.#peek())) this.#at++
  }

  #skip(): void {
    while (this.#at < this.#bytes.length && space.has(this.#peek())) this.#at++
  }

  #take(character: string): boolean {
    if (this.#bytes[this.#at] !== code(character)) return false
    this.#at++
    return true
  }

  /** Go's scanner takes the end for a space first, so that it finds fault with that where none may stand. */
  #peek(): number {
    if (this.#at > this.#bytes.length) throw new Wrong(ended)
    return this.#bytes[this.#at] ?? 0x20
  }

  #refuse(where: string): never {
    if (this.#at === this.#bytes.length && /^(?:looking|after (?!decimal))/.test(where)) throw new Wrong(ended)
    throw new Wrong(`invalid character ${quoted(this.#peek())} ${where}`)
  }
}

const ended = 'unexpected end of JSON input'

const named: Readonly<Record<string, string>> = {
  "'": String.raw`\'`,
  '\\': String.raw`\\`,
  '\u0007': String.raw`\a`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\v': String.raw`\v`,
}

/** A byte as Go quotes it: it takes it for a character of Latin-1. */
function quoted(byte: number): string {
  const character = String.fromCharCode(byte)
  const hex = byte.toString(16).padStart(2, '0')
  const plain = (byte >= 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
  const shown = named[character] ?? (plain ? character : byte < 0x80 ? `\\x${hex}` : `\\u00${hex}`)
  return `'${shown}'`
}
