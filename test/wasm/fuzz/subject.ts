import { assemble, type Line } from '../../../src/wasm/binary/assemble.ts'
import { op } from '../../../src/wasm/binary/instructions.ts'
import { type ModuleInfo, readModule } from '../../../src/wasm/binary/module.ts'
import { Reader } from '../../../src/wasm/binary/reader.ts'
import { ModuleEdit } from '../../../src/wasm/rewrite/edit.ts'
import { pageSize } from '../../../src/wasm/rewrite/names.ts'
import { type Features, rewrite, type Rewritten } from '../../../src/wasm/rewrite/rewrite.ts'

/** What a subject exports so that everything of its state can be seen. */
export const seen = {
  memory: (index: number): string => `seen:memory:${index}`,
  table: (index: number): string => `seen:table:${index}`,
  global: (index: number): string => `seen:global:${index}`,
  /** A function that returns both halves of a v128, which JavaScript cannot read. */
  halves: (index: number): string => `seen:halves:${index}`,
  /** A function that grows the first memory by some pages and returns both sizes: the fuzzer makes none that does. */
  grow: 'grow',
}

/** How many pages the first memory may grow. */
const growth = 8

/** The most pages that a memory of a subject may have: the first may grow a little, the others may not, as in Mortise. */
export function mostPages({ memories, imports }: ModuleInfo, index: number): number {
  const { min = 0, max = min } = memories[index] ?? {}
  if (index > 0) return min
  return imports.some(({ kind }) => kind === 'memory') ? max : min + growth
}

/** Instructions that write to a table: what stands in their place, where nothing is to be written. */
const withoutWrite = new Map<number, readonly Line[]>([
  [op.tableSet, ['drop', 'drop']],
  [op.tableInit, ['drop', 'drop', 'drop']],
  [op.tableCopy, ['drop', 'drop', 'drop']],
  [op.tableGrow, ['drop', 'drop', ['i32.const', -1]]],
  [op.tableFill, ['drop', 'drop', 'drop']],
])

/**
 * Makes of a module one that hides nothing: its memories, tables and mutable globals are exported. A module that writes to a
 * table of exceptions is refused, and so would be a fifth of what the fuzzer makes: those writes become writes to nowhere.
 */
export function expose(bytes: Uint8Array): ModuleInfo {
  const info = readModule(unshare(bytes))
  const edit = new ModuleEdit(info)
  const limits = info.memories.map(({ min }, index) => ({ min, max: mostPages(info, index) }))
  edit.limitMemories(limits.slice(info.imports.filter(({ kind }) => kind === 'memory').length))
  dropWrites(edit, info)
  if (info.memories.length > 0) edit.export(seen.grow, 'func', addGrow(edit))
  for (const index of info.memories.keys()) edit.export(seen.memory(index), 'memory', index)
  for (const [index, { element }] of info.tables.entries())
    if (!element.includes('exn')) edit.export(seen.table(index), 'table', index)
  for (const [index, { value, mutable }] of info.globals.entries()) {
    if (mutable && value === 'v128') edit.export(seen.halves(index), 'func', addHalves(edit, index))
    else if (mutable && !value.includes('exn')) edit.export(seen.global(index), 'global', index)
  }
  return readModule(edit.emit())
}

/** Takes away that a module's own memories are shared, which they all are where the fuzzer makes atomics. */
function unshare(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  const reader = new Reader(changed, 8)
  while (!reader.done) {
    const id = reader.u8()
    const part = reader.part(reader.u32())
    for (let left = id === 5 ? part.u32() : 0; left > 0; left--) {
      const flags = part.u8()
      changed[part.offset - 1] = flags & 1
      for (let sizes = flags & 1; sizes >= 0; sizes--) part.u32()
    }
  }
  return changed
}

function dropWrites(edit: ModuleEdit, { tables }: ModuleInfo): void {
  const ofExceptions = new Set(tables.flatMap(({ element }, index) => (element.includes('exn') ? [index] : [])))
  if (ofExceptions.size === 0) return
  edit.pass(() => ({
    replace(at, out) {
      const lines = withoutWrite.get(at.opcode)
      if (lines === undefined || !ofExceptions.has(at.opcode === op.tableInit ? at.second : at.index)) return false
      assemble(out, ...lines)
      return true
    },
  }))
}

function addGrow(edit: ModuleEdit): number {
  return edit.function({ params: ['i32'], results: ['i32', 'i32'] }, (out) => {
    assemble(out, ['local.get', 0], ['i32.const', 3], 'i32.and', ['memory.grow', 0], ['memory.size', 0])
  })
}

function addHalves(edit: ModuleEdit, index: number): number {
  return edit.function({ params: [], results: ['i64', 'i64'] }, (out) => {
    for (const lane of [0, 1]) assemble(out, ['global.get', index]).u8(0xfd, 29, lane)
  })
}

/** The export of a module by `countInstructions`. */
export const counter = 'seen:count'

/** Makes a module count the instructions that it runs, in an exported i64. */
export function countInstructions(info: ModuleInfo): Uint8Array<ArrayBuffer> {
  const edit = new ModuleEdit(info)
  const count = edit.global('i64')
  edit.export(counter, 'global', count)
  edit.pass(() => ({
    before: (_, out) => void assemble(out, ['global.get', count], ['i64.const', 1], 'i64.add', ['global.set', count]),
  }))
  return edit.emit()
}

const flags = ['deadline', 'fuel', 'dirty'] as const satisfies readonly Exclude<keyof Features, 'memory'>[]

/** What a combination of features is called in reports. */
export const nameOf = (features: Features): string => flags.filter((flag) => features[flag]).join('+') || 'none'

/** Every combination of the features that are on or off; the one with all of them comes last. */
export function combinations(memory: number): readonly Features[] {
  return Array.from({ length: 2 ** flags.length }, (_, bits) => ({
    memory,
    deadline: (bits & 1) !== 0,
    fuel: (bits & 2) !== 0,
    dirty: (bits & 4) !== 0,
  }))
}

/** The module as it is rewritten for every combination of features. */
export function rewriteAll(info: ModuleInfo): readonly Rewritten[] {
  const memory = info.memories.reduce((sum, _, index) => sum + mostPages(info, index), 0) * pageSize
  return combinations(memory).map((features) => rewrite(info, features))
}
