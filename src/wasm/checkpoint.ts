import { wasmFunction } from './function.ts'
import { hidden, pageSize } from './rewrite/names.ts'
import type { Rewritten } from './rewrite/rewrite.ts'
import { wipeLimit } from './rewrite/shadow.ts'

/**
 * What becomes of memory that grew since the checkpoint, which cannot be taken back:
 * - `replace`: the instance is not restored but replaced, so that its memory ends where it ended. After a failure.
 * - `wipe`: what was written there is wiped, unless that would be dearer than a new instance. Between leases.
 * - `keep`: the guest finds zeros there when it grows again, and has no business there before. To get memory back.
 */
export type Grown = 'replace' | 'wipe' | 'keep'

/** Puts something back to what it was; false when the instance has to be replaced instead. */
type Part = (grown: Grown) => boolean

/**
 * The state of an instance right after its initialisation: memories, all mutable globals, tables. What cannot be put back in
 * place (a table that grew, a segment that may have been dropped) makes the instance stale.
 */
export class Checkpoint {
  /** Size of the first memory at the checkpoint, in pages. */
  readonly pages: number
  readonly #parts: readonly Part[]
  /** All of it is one function of the module itself, which `leave-fresh` calls too. */
  readonly quick: boolean

  constructor({ exports }: WebAssembly.Instance, { references, scan }: Rewritten) {
    const memories = ours(exports, WebAssembly.Memory)
    this.pages = (memories[0]?.buffer.byteLength ?? 0) / pageSize
    const tables = ours(exports, WebAssembly.Table)
    const tracked = hidden.save in exports
    this.#parts = [
      // What can give up comes first: then nothing was put back by halves.
      ...(scan.dropsSegments ? [() => false] : []),
      ...tables.map(saveTable),
      ...memories.map((memory, index) => (tracked && index === 0 ? saveTracked(exports, memory) : saveMemory(memory))),
      ...references.map(({ index }) => saveReference(exports[hidden.global(index)])),
      ...saveGlobals(exports, tracked),
    ]
    this.quick = tracked && this.#parts.length === 1
  }

  /** Puts the instance back; false when it has to be replaced instead. */
  restore(grown: Grown): boolean {
    return this.#parts.every((part) => part(grown))
  }
}

/** The exports of a class under our names, each once, in the order of their indexes. */
function ours<T extends object>(
  exports: WebAssembly.Exports,
  kind: abstract new (...args: never[]) => T,
): readonly T[] {
  const found = new Set<T>()
  for (const [name, value] of Object.entries(exports)) {
    if (name.startsWith(hidden.prefix) && name !== hidden.shadow && value instanceof kind) found.add(value)
  }
  return [...found]
}

/** The first memory, through functions in the module itself, which know what was written. */
function saveTracked(exports: WebAssembly.Exports, memory: WebAssembly.Memory): Part {
  const size = memory.buffer.byteLength
  const restore = wasmFunction(exports, hidden.restore)
  wasmFunction(exports, hidden.save)()
  return (grown) => (grown === 'replace' && memory.buffer.byteLength > size ? false : restore() === 1)
}

/** A whole copy of a memory. */
function saveMemory(memory: WebAssembly.Memory): Part {
  const saved = new Uint8Array(memory.buffer).slice()
  return (grown) => {
    const now = new Uint8Array(memory.buffer)
    const more = now.length - saved.length
    if (more > 0 && (grown === 'replace' || (grown === 'wipe' && more > wipeLimit))) return false
    now.set(saved)
    if (more > 0 && grown === 'wipe') now.fill(0, saved.length)
    return true
  }
}

/** The globals that the module itself can save. Where it also restores its memory, they come back with that. */
function saveGlobals(exports: WebAssembly.Exports, tracked: boolean): readonly Part[] {
  if (!(hidden.saveGlobals in exports)) return []
  wasmFunction(exports, hidden.saveGlobals)()
  if (tracked) return []
  const restore = wasmFunction(exports, hidden.restoreGlobals)
  return [
    () => {
      restore()
      return true
    },
  ]
}

function saveReference(global: unknown): Part {
  if (!(global instanceof WebAssembly.Global)) return () => true
  const { value } = global
  return () => {
    global.value = value
    return true
  }
}

function saveTable(table: WebAssembly.Table): Part {
  const entries = Array.from({ length: table.length }, (_, index) => table.get(index))
  return () => {
    if (table.length !== entries.length) return false
    for (const [index, entry] of entries.entries()) table.set(index, entry)
    return true
  }
}
