import { assemble, type Line } from '../binary/assemble.ts'
import type { Writer } from '../binary/writer.ts'
import { markBits, reach } from './dirty.ts'
import type { ModuleEdit } from './edit.ts'
import { toBytes } from './memory.ts'
import { hidden, pageBits } from './names.ts'

/** How the shadow memory is laid out: the map of marks, then the copy of the guest's memory. In bytes. */
export interface Shadow {
  readonly memory: number
  /** Size of the part of the map that stands for memory which the guest can have. */
  readonly map: number
  readonly copy: number
  /** Index of the global that holds the size of what was saved. */
  readonly saved: number
}

/**
 * Adds the memory that holds what a checkpoint saves and the map of what was written since.
 *
 * @param maxPages - the largest size of the guest's first memory, in pages of 64 KiB
 */
export function addShadow(edit: ModuleEdit, maxPages: number): Shadow {
  // The map has room for every address of 32 bits: the mark of one that the memory does not have, whose store traps
  // afterwards, must not hit what is saved. Pages of it that nobody writes to take no real memory.
  const copy = 2 ** (32 - markBits)
  const fixed = copy / 2 ** pageBits
  const memory = edit.memory(fixed, Math.min(fixed + maxPages, 2 ** pageBits))
  return { memory, map: maxPages * 2 ** (pageBits - markBits), copy, saved: edit.counter(0) }
}

/** `save()`: copies the guest's memory, and forgets all marks. */
export function addSave(edit: ModuleEdit, shadow: Shadow, pages: readonly Line[]): void {
  const save = edit.function(
    { params: [], results: [] },
    (out) => {
      const fixed = shadow.copy / 2 ** pageBits
      // Grows by what the copy does not have yet; where that fails, the copy traps.
      assemble(out, ...pages, ['i32.const', fixed], 'i32.add', ['memory.size', shadow.memory], 'i32.sub', [
        'local.tee',
        0,
      ])
      assemble(
        out,
        ['i32.const', 0],
        ['i32.lt_s'],
        'i32.eqz',
        ['if'],
        ['local.get', 0],
        ['memory.grow', shadow.memory],
        'drop',
        'end',
      )
      assemble(out, ['i32.const', shadow.copy], ['i32.const', 0], ...bytesOf(pages), ['memory.copy', shadow.memory, 0])
      assemble(out, ['i32.const', 0], ['i32.const', 0], ['i32.const', shadow.map], ['memory.fill', shadow.memory])
      assemble(out, ...bytesOf(pages), ['global.set', shadow.saved])
    },
    ['i32'],
  )
  edit.export(hidden.save, 'func', save)
}

const bytesOf = (pages: readonly Line[]): readonly Line[] => [...pages, ...toBytes]

/** At most so many bytes that a guest grew by are wiped: 1 MiB costs what a new instance does. */
export const wipeLimit: number = 2 ** 20

/**
 * `restore() → i32`: puts back every marked page, and the globals. Pages of the checkpoint are copied, those above are wiped,
 * neighbours in one piece. It gives up, and returns 0, when more than `wipeLimit` bytes are to be wiped.
 *
 * @returns the index of the function
 */
export function addRestore(edit: ModuleEdit, shadow: Shadow, restoreGlobals: number | undefined): number {
  const [at, end, first, from, to, left, marks] = [0, 1, 2, 3, 4, 5, 6]
  const load = (name: string, offset = 0): readonly Line[] => [
    ['local.get', at],
    [name, shadow.memory, offset],
  ]
  const restore = edit.function(
    { params: [], results: ['i32'] },
    (out) => {
      assemble(out, ['i32.const', wipeLimit], ['local.set', left])
      assemble(out, ['memory.size', 0], ['i32.const', pageBits - markBits], 'i32.shl', ['local.set', end])
      assemble(out, 'block', 'loop', ['local.get', at], ['local.get', end], 'i32.ge_u', ['br_if', 1])
      // There are always 64 marks to look at, of pages that exist or not.
      assemble(out, ...load('v128.load'), ...load('v128.load', 16), 'v128.or', ...load('v128.load', 32), 'v128.or')
      assemble(out, ...load('v128.load', 48), 'v128.or', 'v128.any_true', 'i32.eqz')
      assemble(out, ['if'], ...add(at, 64), ['br', 1], 'end')
      assemble(out, 'loop', ...load('i64.load'), ['local.tee', marks], 'i64.eqz', ['if'], ...add(at, 8), ['br', 1])
      assemble(out, 'end', 'end')
      assemble(out, ['local.get', marks], 'i64.ctz', 'i32.wrap_i64', ['i32.const', 3], 'i32.shr_u')
      assemble(out, ['local.get', at], 'i32.add', ['local.tee', at], ['local.tee', first])
      assemble(out, ['local.get', end], 'i32.ge_u', ['br_if', 1])
      // Goes to the end of the run of marks, and of the pages that exist.
      assemble(out, 'loop', ['local.get', at], ['local.get', end], 'i32.lt_u', ['if'])
      assemble(
        out,
        ...load('i64.load'),
        'i64.popcnt',
        ['i64.const', 8],
        'i64.eq',
        ['if'],
        ...add(at, 8),
        ['br', 2],
        'end',
      )
      assemble(out, ...load('i32.load8_u'), ['if'], ...add(at, 1), ['br', 2], 'end', 'end', 'end')
      assemble(out, ...least(['local.get', at], ['local.get', end]), ['local.set', at])
      // What was marked alone, as most is, is unmarked by a store, which is quicker than a fill.
      const run: readonly Line[] = [['local.get', at], ['local.get', first], 'i32.sub']
      assemble(out, ...run, ['i32.const', 1], 'i32.eq', ['if'])
      assemble(out, ['local.get', first], ['i32.const', 0], ['i32.store8', shadow.memory], 'else')
      assemble(out, ['local.get', first], ['i32.const', 0], ...run, ['memory.fill', shadow.memory], 'end')
      // A store that began in the last page may have reached beyond it.
      assemble(out, ['local.get', first], ...marksToBytes, ['local.set', from])
      assemble(out, ['local.get', at], ...marksToBytes, ['i32.const', reach], 'i32.add', ['local.set', to])
      assemble(out, ...least(['local.get', to], ['local.get', end], ...marksToBytes), ['local.set', to])
      putBack(out)
      assemble(out, ['br', 0], 'end', 'end')
      if (restoreGlobals !== undefined) assemble(out, ['call', restoreGlobals])
      assemble(out, ['i32.const', 1])
    },
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i64'],
  )
  edit.export(hidden.restore, 'func', restore)
  return restore

  /** Copies what of the range belongs to the checkpoint, and wipes what does not. */
  function putBack(out: Writer): void {
    const saved: Line = ['global.get', shadow.saved]
    const size = first
    assemble(out, ['local.get', from], saved, 'i32.lt_u', ['if'])
    assemble(out, ['local.get', from], ['local.get', from], ['i32.const', shadow.copy], 'i32.add')
    assemble(out, ...least(['local.get', to], saved), ['local.get', from], 'i32.sub', ['memory.copy', 0, shadow.memory])
    assemble(out, saved, ['local.set', from], 'end')
    assemble(out, ['local.get', from], ['local.get', to], 'i32.lt_u', ['if'])
    assemble(
      out,
      ['local.get', to],
      ['local.get', from],
      'i32.sub',
      ['local.tee', size],
      ['local.get', left],
      'i32.gt_u',
    )
    assemble(out, ['if'], ['i32.const', 0], 'return', 'end')
    assemble(out, ['local.get', left], ['local.get', size], 'i32.sub', ['local.set', left])
    assemble(out, ['local.get', from], ['i32.const', 0], ['local.get', size], ['memory.fill', 0], 'end')
  }
}

/** Makes bytes of the marks on the stack. */
const marksToBytes: readonly Line[] = [['i32.const', markBits], 'i32.shl']

/** The smaller of a value and another one, which is written with some lines. */
const least = (one: Line, ...other: readonly Line[]): readonly Line[] => [
  one,
  ...other,
  one,
  ...other,
  'i32.lt_u',
  'select',
]

/** `local += amount` */
const add = (local: number, amount: number): readonly Line[] => [
  ['local.get', local],
  ['i32.const', amount],
  'i32.add',
  ['local.set', local],
]
