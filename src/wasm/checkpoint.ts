import { Writer } from './binary/writer.ts'
import { wasmFunction } from './function.ts'
import { hidden, pageSize, type Rewritten } from './rewrite/rewrite.ts'

/**
 * Above this much memory to wipe, a new instance is cheaper than the old one restored: wiping 1 MiB costs what
 * instantiating does.
 */
const wipeLimit = 2 ** 20

/**
 * The state of an instance right after its initialisation: memories, all mutable globals, tables.
 * What cannot be put back in place (a table that grew, a segment that may have been dropped, a memory that grew far)
 * makes the instance stale instead.
 */
export class Checkpoint {
  readonly #memories: { readonly memory: WebAssembly.Memory; readonly bytes: Uint8Array<ArrayBuffer> }[] = []
  readonly #globals: { readonly global: WebAssembly.Global; readonly value: unknown }[] = []
  readonly #tables: { readonly table: WebAssembly.Table; readonly entries: readonly unknown[] }[] = []
  readonly #vectors: Vectors | undefined
  readonly #dropsSegments: boolean

  constructor(instance: WebAssembly.Instance, { globals, scan }: Rewritten) {
    this.#dropsSegments = scan.dropsSegments
    const vectors: WebAssembly.Global[] = []
    for (const { index, value } of globals) {
      const global = instance.exports[hidden.global(index)]
      if (!(global instanceof WebAssembly.Global)) continue
      if (value === 'v128') vectors.push(global)
      else this.#globals.push({ global, value: global.value })
    }
    if (vectors.length > 0) this.#vectors = new Vectors(vectors)
    for (const exported of Object.values(instance.exports)) {
      if (exported instanceof WebAssembly.Memory && this.#memories.every(({ memory }) => memory !== exported)) {
        this.#memories.push({ memory: exported, bytes: new Uint8Array(exported.buffer).slice() })
      }
      if (scan.writesTables && exported instanceof WebAssembly.Table && this.#tables.every(({ table }) => table !== exported)) {
        this.#tables.push({ table: exported, entries: Array.from({ length: exported.length }, (_, index) => exported.get(index)) })
      }
    }
  }

  /** Size of the first memory at the checkpoint, in pages. */
  get pages(): number {
    return (this.#memories[0]?.bytes.length ?? 0) / pageSize
  }

  /**
   * Puts the instance back; false when it has to be replaced instead.
   *
   * @param most - how many bytes of grown memory to wipe at most
   */
  restore(most: number = wipeLimit): boolean {
    if (this.#dropsSegments || this.#tables.some(({ table, entries }) => table.length !== entries.length)) return false
    for (const { memory, bytes } of this.#memories) {
      if (memory.buffer.byteLength - bytes.length > most) return false
    }
    for (const { memory, bytes } of this.#memories) {
      const now = new Uint8Array(memory.buffer)
      now.set(bytes)
      if (now.length > bytes.length) now.fill(0, bytes.length)
    }
    for (const { global, value } of this.#globals) global.value = value
    this.#vectors?.restore()
    for (const { table, entries } of this.#tables) for (const [index, entry] of entries.entries()) table.set(index, entry)
    return true
  }
}

/** JavaScript can neither read nor write a v128, so a small module does it: `save` and `restore` over its own memory. */
class Vectors {
  readonly restore: () => void

  constructor(globals: readonly WebAssembly.Global[]) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(copier(globals.length)), {
      g: Object.fromEntries(globals.map((global, index) => [String(index), global])),
    })
    this.restore = wasmFunction(exports, 'restore')
    wasmFunction(exports, 'save')()
  }
}

function copier(count: number): Uint8Array<ArrayBuffer> {
  const globals = Array.from({ length: count }, (_, index) => index)
  const out = new Writer().u8(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
  out.u8(1).sized((body) => body.u32(1).u8(0x60, 0, 0))
  out.u8(2).sized((body) => {
    body.u32(count)
    for (const index of globals) body.name('g').name(String(index)).u8(3, 0x7b, 1)
  })
  out.u8(3).sized((body) => body.u32(2).u8(0, 0))
  out.u8(5).sized((body) => body.u32(1).u8(0).u32(Math.ceil((count * 16) / pageSize)))
  out.u8(7).sized((body) => body.u32(2).name('save').u8(0, 0).name('restore').u8(0, 1))
  out.u8(10).sized((body) => {
    body.u32(2)
    body.sized((save) => {
      save.u32(0)
      for (const index of globals) save.u8(0x41).s32(index * 16).u8(0x23).u32(index).u8(0xfd, 11, 0).u32(0)
      save.u8(0x0b)
    })
    body.sized((restore) => {
      restore.u32(0)
      for (const index of globals) restore.u8(0x41).s32(index * 16).u8(0xfd, 0, 0).u32(0).u8(0x24).u32(index)
      restore.u8(0x0b)
    })
  })
  return out.bytes()
}
