import { MortiseError } from '../../errors.ts'
import { op } from '../binary/instructions.ts'
import type { ModuleInfo } from '../binary/module.ts'
import type { SizeLimits } from '../binary/types.ts'
import { ModuleEdit } from './edit.ts'
import { type Scan, scan } from './scan.ts'

/** Bytes of one page of WebAssembly memory. */
export const pageSize = 65_536

/** Names that the rewritten module exports beside its own; a guest may not use the prefix itself. */
export const hidden = {
  prefix: 'mortise:',
  start: 'mortise:start',
  pages: 'mortise:pages',
  refused: 'mortise:refused',
  memory: (index: number): string => `mortise:memory:${index}`,
  global: (index: number): string => `mortise:global:${index}`,
  table: (index: number): string => `mortise:table:${index}`,
} as const

/** A module as it is compiled, and what the checkpoint must know of it. */
export interface Rewritten {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly scan: Scan
  /** Mutable globals, exported under `hidden.global(index)`: the guest's own, then ours. */
  readonly globals: readonly { readonly index: number; readonly value: string }[]
  /** The largest size of the first memory, in pages. */
  readonly maxPages: number
}

/**
 * Makes of a guest's module the one that is compiled: everything that a checkpoint must save is exported, the memory
 * has a maximum, its size is counted by us, and the start function waits until it is called.
 *
 * @param memory - the limit in bytes, over all memories of the module
 * @throws MortiseError `MEMORY_LIMIT`, `MODULE_INVALID`, `MODULE_UNSUPPORTED`
 */
export function rewrite(module: ModuleInfo, memory: number): Rewritten {
  const facts = scan(module)
  const edit = new ModuleEdit(module)
  for (const { name } of module.exports) {
    if (name.startsWith(hidden.prefix)) {
      throw new MortiseError('MODULE_UNSUPPORTED', `Cannot take the module: it exports '${name}', and the names that begin with '${hidden.prefix}' are the host's. Rename it`)
    }
  }
  const maxPages = capMemories(module, edit, memory)
  const globals: { index: number; value: string }[] = []
  for (const [index, { mutable, value }] of module.globals.entries()) if (mutable) globals.push({ index, value })
  if (facts.sizesMemory) for (const index of countPages(module, edit, maxPages)) globals.push({ index, value: 'i32' })
  for (const { index } of globals) edit.export(hidden.global(index), 'global', index)
  for (const index of module.memories.keys()) edit.export(hidden.memory(index), 'memory', index)
  if (facts.writesTables) for (const index of module.tables.keys()) edit.export(hidden.table(index), 'table', index)
  if (module.start !== undefined) {
    edit.export(hidden.start, 'func', module.start)
    edit.dropStart()
  }
  return { bytes: edit.emit(), scan: facts, globals, maxPages }
}

/** The first memory may grow into what the others leave of the limit; the others stay as they begin. */
function capMemories(module: ModuleInfo, edit: ModuleEdit, memory: number): number {
  const limit = Math.floor(memory / pageSize)
  const asked = module.memories.reduce((sum, { min }) => sum + min, 0)
  if (asked > limit) {
    throw new MortiseError(
      'MEMORY_LIMIT',
      `Cannot take the module: it asks for ${asked * pageSize} bytes of memory before it has run, and its limit is ${memory} bytes. Raise the limit 'memory', or build it with less`,
      { asked: asked * pageSize, limit: memory },
    )
  }
  const capped = module.memories.map((type, index): SizeLimits => {
    const max = index === 0 ? limit - asked + type.min : type.min
    return { min: type.min, max: Math.min(max, type.max ?? max) }
  })
  const imported = module.imports.filter(({ kind }) => kind === 'memory').length
  if (capped.length > imported) edit.memories(capped.slice(imported))
  return capped[0]?.max ?? 0
}

/**
 * Puts a count of our own in place of the first memory's size. A memory cannot shrink, so this count is what a restore
 * takes back; and a growth that was refused leaves a mark, by which the trap after it is known as out of memory.
 *
 * @returns the indexes of the two globals: the count, and the mark
 */
function countPages(module: ModuleInfo, edit: ModuleEdit, maxPages: number): readonly [number, number] {
  const pages = edit.counter(module.memories[0]?.min ?? 0)
  const refused = edit.counter(0)
  const grow = edit.function({ params: ['i32'], results: ['i32'] }, (out) => {
    const wanted = (): unknown => out.u8(0x23).u32(pages).u8(0x20, 0, 0x6a)
    const refuse = (): unknown => out.u8(0x04, 0x40, 0x41, 1, 0x24).u32(refused).u8(0x41, 0x7f, 0x0f, 0x0b)
    // if delta > max - pages: refuse
    out.u8(0x20, 0, 0x41).s32(maxPages).u8(0x23).u32(pages).u8(0x6b, 0x4b)
    refuse()
    // if pages + delta > memory.size and memory.grow(the difference) = -1: refuse
    wanted()
    out.u8(0x3f, 0, 0x4b, 0x04, 0x40)
    wanted()
    out.u8(0x3f, 0, 0x6b, 0x40, 0, 0x41, 0x7f, 0x46)
    refuse()
    out.u8(0x0b)
    // refused = 0; old pages is the result; pages = pages + delta
    out.u8(0x41, 0, 0x24).u32(refused).u8(0x23).u32(pages)
    wanted()
    out.u8(0x24).u32(pages)
  })
  edit.replace(op.memorySize, (at, out) => (at.index === 0 ? out.u8(0x23).u32(pages) : out.u8(0x3f).u32(at.index)))
  edit.replace(op.memoryGrow, (at, out) => (at.index === 0 ? out.u8(0x10).u32(grow) : out.u8(0x40).u32(at.index)))
  edit.export(hidden.refused, 'global', refused)
  edit.export(hidden.pages, 'func', edit.function({ params: [], results: ['i32'] }, (out) => out.u8(0x23).u32(pages)))
  return [pages, refused]
}
