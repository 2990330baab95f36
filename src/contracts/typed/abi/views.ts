import { Buffer } from 'node:buffer'
import type { LinearMemory } from '../../../units.ts'

/** A memory as arrays of every kind of number. They are taken anew when the memory has grown, which empties them. */
export class Views {
  readonly memory: LinearMemory
  u8: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  s8: Int8Array<ArrayBuffer> = new Int8Array(0)
  u16: Uint16Array<ArrayBuffer> = new Uint16Array(0)
  s16: Int16Array<ArrayBuffer> = new Int16Array(0)
  u32: Uint32Array<ArrayBuffer> = new Uint32Array(0)
  s32: Int32Array<ArrayBuffer> = new Int32Array(0)
  u64: BigUint64Array<ArrayBuffer> = new BigUint64Array(0)
  s64: BigInt64Array<ArrayBuffer> = new BigInt64Array(0)
  f32: Float32Array<ArrayBuffer> = new Float32Array(0)
  f64: Float64Array<ArrayBuffer> = new Float64Array(0)
  buffer: Buffer<ArrayBuffer> = Buffer.alloc(0)

  constructor(memory: LinearMemory) {
    this.memory = memory
  }

  /** After the guest ran: it may have grown its memory. */
  refresh(): void {
    if (this.u8.length === 0) this.#renew()
  }

  #renew(): void {
    const buffer = this.memory.buffer()
    this.u8 = new Uint8Array(buffer)
    this.s8 = new Int8Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.s16 = new Int16Array(buffer)
    this.u32 = new Uint32Array(buffer)
    this.s32 = new Int32Array(buffer)
    this.u64 = new BigUint64Array(buffer)
    this.s64 = new BigInt64Array(buffer)
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.buffer = Buffer.from(buffer)
  }
}
