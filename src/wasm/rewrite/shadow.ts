import { assemble, type Line } from '../binary/assemble.ts'
import { markBits, reach } from './dirty.ts'
import type { ModuleEdit } from './edit.ts'
import { toBytes } from './memory.ts'
import { hidden, pageBits } from './names.ts'

/** Bytes that one mark stands for. */
const ownPage = 2 ** markBits

/** How the shadow memory is laid out: the map of marks, then the copy of the guest's memory. In bytes. */
export interface Shadow {
  readonly memory: number
  /** Size of the part of the map that stands for memory which the guest can have. */
  readonly map: number
  readonly copy: number
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
  return { memory, map: maxPages * 2 ** (pageBits - markBits), copy }
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
    },
    ['i32'],
  )
  edit.export(hidden.save, 'func', save)
}

const bytesOf = (pages: readonly Line[]): readonly Line[] => [...pages, ...toBytes]

/**
 * `restore(saved, most) → i32`: puts back every marked page, and the globals. Pages below `saved`, the size of the checkpoint
 * in bytes, are copied, those above are wiped. It gives up, and returns 0, when more than `most` pages are to be wiped.
 */
export function addRestore(edit: ModuleEdit, shadow: Shadow, restoreGlobals: number | undefined): void {
  const [saved, most, at, end, page, length] = [0, 1, 2, 3, 4, 5]
  const restore = edit.function(
    { params: ['i32', 'i32'], results: ['i32'] },
    (out) => {
      const marks = (offset: number, type: 'i64' | 'i32'): Line => [
        type === 'i64' ? 'i64.load' : 'i32.load8_u',
        shadow.memory,
        offset,
      ]
      // Sixteen marks for each page of 64 KiB, looked at eight at a time.
      assemble(out, ['memory.size', 0], ['i32.const', pageBits - markBits], 'i32.shl', ['local.set', end])
      assemble(out, 'block', 'loop', ['local.get', at], ['local.get', end], 'i32.ge_u', ['br_if', 1])
      assemble(out, ['local.get', at], marks(0, 'i64'), 'i64.eqz', ['if'], ...add(at, 8), ['br', 1], 'end')
      // One of these eight is marked: go on one by one up to the next multiple of eight.
      assemble(out, 'loop', ['local.get', at], marks(0, 'i32'), ['if'])
      assemble(out, ['local.get', at], ['i32.const', 0], ['i32.store8', shadow.memory])
      assemble(
        out,
        ['local.get', at],
        ['i32.const', markBits],
        'i32.shl',
        ['local.tee', page],
        ['local.get', saved],
        'i32.lt_u',
        ['if'],
      )
      lengthUpTo(['local.get', saved])
      assemble(
        out,
        ['local.get', page],
        ['local.get', page],
        ['i32.const', shadow.copy],
        'i32.add',
        ['local.get', length],
        ['memory.copy', 0, shadow.memory],
      )
      // What a store across the border of the checkpoint wrote above it is wiped.
      assemble(out, ['local.get', saved], ['local.get', page], 'i32.sub', ['i32.const', ownPage], 'i32.eq')
      assemble(out, ['local.get', saved], ['memory.size', 0], ...toBytes, 'i32.lt_u', 'i32.and', ['if'])
      assemble(out, ['local.get', saved], ['i32.const', 0], ['i32.const', reach], ['memory.fill', 0], 'end')
      assemble(out, 'else', ['local.get', most], 'i32.eqz', ['if'], ['i32.const', 0], 'return', 'end', ...add(most, -1))
      assemble(out, ['local.get', page], ['i32.const', 0])
      lengthUpTo(['memory.size', 0], ...toBytes)
      assemble(out, ['local.get', length], ['memory.fill', 0], 'end', 'end')
      assemble(out, ...add(at, 1), ['local.get', at], ['i32.const', 7], 'i32.and', ['br_if', 0], 'end')
      assemble(out, ['br', 0], 'end', 'end')
      if (restoreGlobals !== undefined) assemble(out, ['call', restoreGlobals])
      assemble(out, ['i32.const', 1])

      /** `length = min(page size + reach, limit - page)` */
      function lengthUpTo(...limit: readonly Line[]): void {
        assemble(out, ...limit, ['local.get', page], 'i32.sub', ['local.tee', length], ['i32.const', ownPage + reach])
        assemble(out, ['local.get', length], ['i32.const', ownPage + reach], 'i32.lt_u', 'select', [
          'local.set',
          length,
        ])
      }
    },
    ['i32', 'i32', 'i32', 'i32'],
  )
  edit.export(hidden.restore, 'func', restore)
}

/** `local += amount` */
const add = (local: number, amount: number): readonly Line[] => [
  ['local.get', local],
  ['i32.const', amount],
  'i32.add',
  ['local.set', local],
]
