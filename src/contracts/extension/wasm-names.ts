import type { GuestMemory } from '../../units.ts'

/** How many names are known at once, and how long they may be: a guest's are constants, mostly. */
const slots = 256
const longest = 128

interface Known {
  readonly pointer: number
  readonly length: number
  /** What was there, as words; `undefined` until the same place was asked for twice. */
  readonly words: Int32Array | undefined
  readonly text: string
}

/**
 * The texts that a guest hands over, without decoding those that it handed over before: storages, entities and fields are
 * constants in its memory. What is there is compared each time, for a guest may write to its constants.
 */
export class Names {
  readonly #memory: () => GuestMemory
  readonly #known: (Known | undefined)[] = Array.from({ length: slots })
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)

  /** @param memory - the guest's, once it has begun */
  constructor(memory: () => GuestMemory) {
    this.#memory = memory
  }

  text(pointer: number, length: number): string {
    const known = this.#known[(pointer ^ (pointer >> 8) ^ length) & (slots - 1)]
    if (known === undefined || known.pointer !== pointer || known.length !== length) return this.#read(pointer, length)
    const { words } = known
    if (words === undefined) return this.#learn(pointer, length)
    // Growth empties a view: then it is learnt anew.
    if (pointer + length > this.#bytes.length) return this.#learn(pointer, length)
    const view = this.#view
    const last = words.length - 1
    for (let index = 0; index < last; index++) {
      if (view.getInt32(pointer + 4 * index, true) !== words[index]) return this.#read(pointer, length)
    }
    // The last word overlaps the one before it where the length is no multiple of four.
    return view.getInt32(pointer + length - 4, true) === words[last] ? known.text : this.#read(pointer, length)
  }

  /** A text that is not known: the place is kept in mind. */
  #read(pointer: number, length: number): string {
    const text = this.#memory().readUtf8(pointer, length)
    if (length >= 4 && length <= longest && pointer >= 0) this.#keep({ pointer, length, words: undefined, text: '' })
    return text
  }

  #learn(pointer: number, length: number): string {
    const text = this.#memory().readUtf8(pointer, length)
    const buffer = this.#memory().buffer()
    this.#bytes = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
    const words = Int32Array.from({ length: Math.ceil(length / 4) }, (_, index) =>
      this.#view.getInt32(pointer + Math.min(4 * index, length - 4), true),
    )
    this.#keep({ pointer, length, words, text })
    return text
  }

  #keep(known: Known): void {
    const { pointer, length } = known
    this.#known[(pointer ^ (pointer >> 8) ^ length) & (slots - 1)] = known
  }
}
