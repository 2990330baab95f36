import { Buffer } from 'node:buffer'
import { GuestFault } from '../../fault.ts'
import type { GuestMemory, WasmUnit } from '../../units.ts'
import { shortText } from '../../text.ts'
import type { WasmFunction } from '../../wasm/function.ts'
import { packedLength } from './wasm-shim.ts'

/** Bytes of the first buffer, and of the smallest of those that follow it: the reference engine's numbers. */
const firstSize = 64_000
const smallestSize = 1000

const encoder = new TextEncoder()

interface ExchangeBuffer {
  readonly pointer: number
  readonly size: number
  used: number
}

/**
 * The buffers in a guest's memory through which it gets texts and bytes. What is in them lasts until the next call. The first is
 * part of the guest's checkpoint; the others are kept until a restore takes them.
 */
export class Exchange {
  readonly #unit: Pick<WasmUnit, 'memory' | 'restores'>
  readonly #memory: GuestMemory
  readonly #malloc: WasmFunction
  /** Of the buffer that a text was last put to the begin of; empty once the memory has grown. */
  #view: Uint8Array = new Uint8Array(0)
  readonly #buffers: ExchangeBuffer[] = []
  /** Something was put since the call began. */
  #touched = false
  /** The restores that the buffers have seen. */
  #restores = 0

  constructor(unit: Pick<WasmUnit, 'memory' | 'restores'>, malloc: WasmFunction) {
    this.#unit = unit
    this.#memory = unit.memory
    this.#malloc = malloc
    this.#grow(firstSize)
  }

  /** Another call begins: what it puts takes the place of what is there. */
  clear(): void {
    this.#touched = false
  }

  /** Puts a text and returns where it is. */
  text(text: string): number {
    if (!this.#touched) this.#begin()
    // Three bytes a unit is the most that UTF-8 takes: where that fits, nobody has to count.
    const most = text.length * 3
    const [first] = this.#buffers
    if (first !== undefined && first.size - first.used >= most) return this.#write(first, text, most)
    const exact = Buffer.byteLength(text)
    return this.#write(this.#roomFor(exact), text, exact)
  }

  bytes(bytes: Uint8Array): number {
    if (!this.#touched) this.#begin()
    const buffer = this.#roomFor(bytes.length)
    const pointer = buffer.pointer + buffer.used
    this.#memory.writeBytes(pointer, bytes)
    buffer.used += bytes.length
    packedLength[0] = bytes.length
    return pointer
  }

  /** The first of the call. */
  #begin(): void {
    this.#touched = true
    const { restores } = this.#unit
    if (restores !== this.#restores) {
      this.#restores = restores
      this.#buffers.length = 1
    }
    for (const buffer of this.#buffers) buffer.used = 0
  }

  #write(buffer: ExchangeBuffer, text: string, room: number): number {
    const pointer = buffer.pointer + buffer.used
    const first = buffer.used === 0 && text.length > shortText
    const length = first ? this.#first(buffer, text, room) : this.#memory.writeUtf8(pointer, room, text)
    buffer.used += length
    packedLength[0] = length
    return pointer
  }

  /** The first text of a call always comes to the same place, and Node encodes faster into a view that is there. */
  #first({ pointer, size }: ExchangeBuffer, text: string, room: number): number {
    const view = this.#view
    if (view.byteOffset === pointer && room <= view.length) {
      this.#memory.mark(pointer, room)
      return encoder.encodeInto(text, view).written
    }
    const length = this.#memory.writeUtf8(pointer, room, text)
    const memory = this.#memory.buffer()
    this.#view = new Uint8Array(memory, pointer, Math.min(size, memory.byteLength - pointer))
    return length
  }

  #roomFor(bytes: number): ExchangeBuffer {
    return this.#buffers.find(({ size, used }) => size - used >= bytes) ?? this.#grow(Math.max(bytes, smallestSize))
  }

  #grow(size: number): ExchangeBuffer {
    const pointer = size <= this.#memory.limit ? this.#malloc(size) >>> 0 : 0
    if (pointer === 0) {
      throw new GuestFault(
        'TRAP_OUT_OF_MEMORY',
        `its malloc has no ${size} bytes for what it reads. Raise the limit 'memory'`,
        {
          asked: size,
          limit: this.#memory.limit,
        },
      )
    }
    const buffer = { pointer, size, used: 0 }
    this.#buffers.push(buffer)
    return buffer
  }
}
