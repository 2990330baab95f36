import { GuestFault } from '../../fault.ts'
import type { GuestMemory } from '../../units.ts'

const decoder = new TextDecoder()

/** Bytes that a guest may hand over at once: the scores of fifty thousand nodes. What it logs is held to the limit `output`. */
const longest = 4 * 2 ** 20

/** How host functions write to a guest's memory and read from it: what does not fit is not written, and its size returned. */
export class Buffers {
  readonly #memory: () => GuestMemory
  readonly #strict: boolean
  #known: GuestMemory | undefined

  /** @param strict - says in the words of the reference what is outside the memory */
  constructor(memory: () => GuestMemory, strict: boolean) {
    this.#memory = memory
    this.#strict = strict
  }

  /**
   * Writes bytes where they fit.
   *
   * @returns how many there are, or would be
   */
  send(bytes: Uint8Array, buffer: number, limit: number): number {
    const size = bytes.length
    if (size === 0 || size > limit >>> 0) return size
    try {
      this.#own.writeBytes(buffer, bytes)
    } catch (thrown) {
      throw this.#strict ? new GuestFault('GUEST_POINTER', 'out of memory') : thrown
    }
    return size
  }

  /** The same; where the buffer is outside the memory nothing is written, and nothing said. */
  offer(bytes: Uint8Array, buffer: number, limit: number): number {
    const size = bytes.length
    if (size === 0 || size > limit >>> 0) return size
    try {
      this.#own.writeBytes(buffer, bytes)
    } catch (thrown) {
      if (!(thrown instanceof GuestFault)) throw thrown
    }
    return size
  }

  /** Writes a number of 8 bytes, where there is room for it. */
  sendNumber(value: number, buffer: number): void {
    if (!this.#inside(buffer, 8)) return
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setUint32(0, value, true)
    this.#own.writeBytes(buffer, bytes)
  }

  /** A copy of some bytes. @param what - what they are, in the words of the reference */
  receive(pointer: number, length: number, what: string): Uint8Array {
    const inside = this.#inside(pointer, length >>> 0)
    if (this.#strict && !inside) throw new GuestFault('GUEST_POINTER', `out of memory reading ${what}`)
    if (inside) checkLength(length)
    return this.#own.readBytes(pointer, length)
  }

  text(pointer: number, length: number, what: string): string {
    return this.textOr(pointer, length) ?? decoder.decode(this.receive(pointer, length, what))
  }

  /** The same; `undefined` where it is outside the memory. */
  textOr(pointer: number, length: number): string | undefined {
    if (!this.#inside(pointer, length >>> 0)) return undefined
    checkLength(length)
    try {
      return this.#own.readUtf8(pointer, length)
    } catch (thrown) {
      if (!(thrown instanceof GuestFault)) throw thrown
      // Go's strings are any bytes.
      return decoder.decode(this.#own.readBytes(pointer, length))
    }
  }

  #inside(pointer: number, length: number): boolean {
    return (pointer >>> 0) + length <= this.#own.buffer().byteLength
  }

  get #own(): GuestMemory {
    return (this.#known ??= this.#memory())
  }
}

function checkLength(length: number): void {
  if (length >>> 0 <= longest) return
  throw new GuestFault('GUEST_RESULT', `it handed over ${length >>> 0} bytes at once, and may hand over ${longest}`, {
    asked: length >>> 0,
    limit: longest,
  })
}

/** The texts of a list each of which ends with a 0; empty ones are left out, and so is one without its 0. */
export function zeroTerminated(list: string): readonly string[] {
  return list.split('\0').slice(0, -1).filter(Boolean)
}
