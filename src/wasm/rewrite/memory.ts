import { MortiseError } from '../../errors.ts'
import { assemble, type Line } from '../binary/assemble.ts'
import { op } from '../binary/instructions.ts'
import type { ModuleInfo } from '../binary/module.ts'
import type { SizeLimits } from '../binary/types.ts'
import type { ModuleEdit } from './edit.ts'
import { hidden, pageBits, pageSize } from './names.ts'

/** The most pages that a memory may have here: one less than 32 bits can address, so that its size in bytes has 32 bits too. */
const mostPages = 65_535

/**
 * Gives every memory a maximum. The first may grow into what the others leave of the limit; the others stay as they begin.
 *
 * @param limit - bytes, over all memories of the module
 * @returns the largest size of each memory, in pages
 * @throws MortiseError `MEMORY_LIMIT` when they begin larger than the limit
 */
export function capMemories(module: ModuleInfo, edit: ModuleEdit, limit: number): readonly number[] {
  const most = Math.min(Math.floor(limit / pageSize), mostPages)
  const asked = module.memories.reduce((sum, { min }) => sum + min, 0)
  if (asked > most) {
    throw new MortiseError(
      'MEMORY_LIMIT',
      `Cannot take the module: it asks for ${asked * pageSize} bytes of memory before it has run, and its limit is ${limit} bytes. Raise the limit 'memory', or build it with less`,
      { asked: asked * pageSize, limit },
    )
  }
  const capped = module.memories.map((type, index): SizeLimits & { max: number } => {
    const max = index === 0 ? most - asked + type.min : type.min
    return { min: type.min, max: Math.min(max, type.max ?? max) }
  })
  edit.limitMemories(capped.slice(module.imports.filter(({ kind }) => kind === 'memory').length))
  return capped.map(({ max }) => max)
}

/** Makes bytes of the pages on the stack. */
export const toBytes: readonly Line[] = [['i32.const', pageBits], 'i32.shl']

/** How the guest's own view of its memory's size is kept. */
export interface PageCount {
  /** Writes the size in pages, as the guest sees it. */
  readonly pages: readonly Line[]
  /** The global with the number of the call in which a growth was refused. */
  readonly refused: number
  /** Globals of ours that a checkpoint has to save. */
  readonly globals: readonly number[]
}

/**
 * Puts a count of our own in place of the first memory's size. A memory cannot shrink, so this count is what a restore
 * takes back; and a growth that was refused leaves the number of the call in which it was (or 1, where calls have none), by
 * which the trap after it is known as out of memory. What a guest grows into is zero, also where it had memory before.
 *
 * @param words - index of the memory whose first word is the number of the running call
 */
export function countPages(edit: ModuleEdit, min: number, max: number, words: number | undefined): PageCount {
  const pages = edit.counter(min)
  const refused = edit.counter(0)
  const delta = 0
  const wanted: readonly Line[] = [['global.get', pages], ['local.get', delta], 'i32.add']
  const call: readonly Line[] =
    words === undefined
      ? [['i32.const', 1]]
      : [
          ['i32.const', 0],
          ['i32.load', words],
        ]
  const refuse: readonly Line[] = [...call, ['global.set', refused], ['i32.const', -1], 'return']
  const grow = edit.function({ params: ['i32'], results: ['i32'] }, (out) => {
    assemble(
      out,
      ['local.get', delta],
      ['i32.const', max],
      ['global.get', pages],
      'i32.sub',
      'i32.gt_u',
      ['if'],
      ...refuse,
      'end',
    )
    // What there is beyond the count is from before a restore.
    assemble(out, ['global.get', pages], ...toBytes, ['i32.const', 0], ...wanted, ['memory.size', 0])
    assemble(out, ...wanted, ['memory.size', 0], 'i32.lt_u', 'select', ['global.get', pages], 'i32.sub', ...toBytes, [
      'memory.fill',
      0,
    ])
    assemble(out, ...wanted, ['memory.size', 0], 'i32.gt_u', ['if'])
    assemble(
      out,
      ...wanted,
      ['memory.size', 0],
      'i32.sub',
      ['memory.grow', 0],
      ['i32.const', -1],
      'i32.eq',
      ['if'],
      ...refuse,
      'end',
      'end',
    )
    assemble(out, ['i32.const', 0], ['global.set', refused], ['global.get', pages], ...wanted, ['global.set', pages])
  })
  edit.pass(() => ({
    replace(at, out) {
      if (at.index !== 0 || (at.opcode !== op.memorySize && at.opcode !== op.memoryGrow)) return false
      assemble(out, at.opcode === op.memorySize ? ['global.get', pages] : ['call', grow])
      return true
    },
  }))
  edit.export(hidden.refused, 'global', refused)
  return { pages: [['global.get', pages]], refused, globals: [pages, refused] }
}
