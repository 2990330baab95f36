import type { GuestMemory } from '../../units.ts'

/** How many names are known at once, and how long they may be: a guest's are constants, mostly. */
const slots = 256
const longest = 128

/** A text that a guest handed over, and what somebody found out about it. It is the same object as long as the text is there. */
export interface Name<M> {
  readonly text: string
  memo: M | undefined
}

interface Known<M> extends Name<M> {
  readonly pointer: number
  readonly length: number
  /** What was there, as words; `undefined` until the same place was asked for twice. */
  readonly words: Int32Array | undefined
}

/**
 * The texts that a guest hands over, without decoding those that it handed over before: storages, entities and fields are
 * constants in its memory. What is there is compared each time, for a guest may write to its constants.
 */
export class Names<M> {
  readonly #memory: () => GuestMemory
  readonly #known: (Known<M> | undefined)[] = Array.from({ length: slots })
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(this.#bytes.buffer)

  /** @param memory - the guest's, once it has begun */
  constructor(memory: () => GuestMemory) {
    this.#memory = memory
  }

  text(pointer: number, length: number): string {
    return this.name(pointer, length).text
  }

  name(pointer: number, length: number): Name<M> {
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
    return view.getInt32(pointer + length - 4, true) === words[last] ? known : this.#read(pointer, length)
  }

  /** A text that is not known: the place is kept in mind. */
  #read(pointer: number, length: number): Name<M> {
    const text = this.#memory().readUtf8(pointer, length)
    const read = { pointer, length, words: undefined, text, memo: undefined }
    return length >= 4 && length <= longest && pointer >= 0 ? this.#keep(read) : read
  }

  #learn(pointer: number, length: number): Name<M> {
    const text = this.#memory().readUtf8(pointer, length)
    const buffer = this.#memory().buffer()
    this.#bytes = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
    const words = Int32Array.from({ length: Math.ceil(length / 4) }, (_, index) =>
      this.#view.getInt32(pointer + Math.min(4 * index, length - 4), true),
    )
    return this.#keep({ pointer, length, words, text, memo: undefined })
  }

  #keep(known: Known<M>): Known<M> {
    const { pointer, length } = known
    this.#known[(pointer ^ (pointer >> 8) ^ length) & (slots - 1)] = known
    return known
  }
}
