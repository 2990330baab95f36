import type { GuestMemory } from '../../runtime.ts'

/** How many names are known at once, and how long they may be: a guest's are constants, mostly. */
const slots = 256
const longest = 128

interface Known {
  readonly pointer: number
  readonly bytes: Uint8Array
  readonly text: string
}

/**
 * The names that a guest hands over, without decoding those that it handed over before: storages, entities and fields are
 * constants in its memory. What is there is compared each time, for a guest may write to its constants.
 */
export class Names {
  readonly #memory: GuestMemory
  readonly #known: (Known | undefined)[] = Array.from({ length: slots })
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(memory: GuestMemory) {
    this.#memory = memory
  }

  text(pointer: number, length: number): string {
    const known = this.#known[(pointer ^ (pointer >> 8) ^ length) & (slots - 1)]
    if (known === undefined || known.pointer !== pointer || known.bytes.length !== length)
      return this.#learn(pointer, length)
    // Growth empties a view, and then nothing is equal.
    const bytes = this.#bytes
    const expected = known.bytes
    for (let index = 0; index < length; index++) {
      if (bytes[pointer + index] !== expected[index]) return this.#learn(pointer, length)
    }
    return known.text
  }

  #learn(pointer: number, length: number): string {
    const text = this.#memory.readUtf8(pointer, length)
    this.#bytes = new Uint8Array(this.#memory.buffer())
    const start = pointer >>> 0
    if (length > longest) return text
    const bytes = this.#bytes.slice(start, start + length)
    this.#known[(start ^ (start >> 8) ^ length) & (slots - 1)] = { pointer: start, bytes, text }
    return text
  }
}
