import { assemble, type Line } from '../binary/assemble.ts'
import { op } from '../binary/instructions.ts'
import { check } from './deadline.ts'
import { markRange } from './dirty.ts'
import { burnBytes } from './fuel.ts'
import { toBytes } from './memory.ts'
import type { ModuleEdit } from './edit.ts'

/** A bulk operation moves at most this many bytes between two looks at the deadline. */
const piece = 2 ** 20

/** What a bulk operation has to do beside its work: the indexes of the memories for it. */
export interface BulkDuties {
  /** Look at the deadline between pieces. */
  readonly words: number | undefined
  /** Mark the pages that it writes. */
  readonly map: number | undefined
  /** Burn fuel: the index of the global. */
  readonly fuel: number | undefined
}

/**
 * Sends bulk operations on the first memory through functions of ours, which work in pieces. One that does not fit into the
 * memory is done undivided: then it traps before it writes anything.
 */
export function divideBulk(edit: ModuleEdit, duties: BulkDuties): void {
  const fill = addFill(edit, duties)
  const copy = addCopy(edit, duties)
  edit.pass(() => ({
    replace(at, out) {
      if (at.index !== 0 || (at.opcode !== op.memoryFill && !(at.opcode === op.memoryCopy && at.second === 0)))
        return false
      out.u8(op.call).u32(at.opcode === op.memoryFill ? fill : copy)
      return true
    },
  }))
  if (duties.map !== undefined) markOthers(edit, duties.map)
}

const [d, v, n, size] = [0, 1, 2, 3]

/** `fill(d, v, n)` */
function addFill(edit: ModuleEdit, { words, map, fuel }: BulkDuties): number {
  return edit.function(
    { params: ['i32', 'i32', 'i32'], results: [] },
    (out) => {
      assemble(
        out,
        ...outside(d),
        ['if'],
        ['local.get', d],
        ['local.get', v],
        ['local.get', n],
        ['memory.fill', 0],
        'end',
      )
      if (fuel !== undefined) burnBytes(out, fuel, n)
      if (map !== undefined) markRange(out, map, d, n)
      assemble(out, 'loop', ...nextPiece, ['local.get', d], ['local.get', v], ['local.get', size], ['memory.fill', 0])
      assemble(out, ...forward(d), ...less, ['if'])
      if (words !== undefined) check(out, words)
      assemble(out, ['br', 1], 'end', 'end')
    },
    ['i32'],
  )
}

/** `copy(d, s, n)`, from the front when it moves down and from the back when it moves up. */
function addCopy(edit: ModuleEdit, { words, map, fuel }: BulkDuties): number {
  const s = v
  return edit.function(
    { params: ['i32', 'i32', 'i32'], results: [] },
    (out) => {
      assemble(out, ...outside(d), ...outside(s), 'i32.or', ['if'])
      assemble(out, ['local.get', d], ['local.get', s], ['local.get', n], ['memory.copy', 0, 0], 'end')
      if (fuel !== undefined) burnBytes(out, fuel, n)
      if (map !== undefined) markRange(out, map, d, n)
      const again = (lines: readonly Line[]): void => {
        assemble(out, ...lines, ['if'])
        if (words !== undefined) check(out, words)
        assemble(out, ['br', 1], 'end', 'end')
      }
      assemble(out, ['local.get', d], ['local.get', s], 'i32.le_u', ['if'], 'loop', ...nextPiece)
      assemble(
        out,
        ['local.get', d],
        ['local.get', s],
        ['local.get', size],
        ['memory.copy', 0, 0],
        ...forward(d),
        ...forward(s),
      )
      again(less)
      assemble(out, 'else', 'loop', ...nextPiece)
      const from = (start: number): readonly Line[] => [
        ['local.get', start],
        ['local.get', n],
        'i32.add',
        ['local.get', size],
        'i32.sub',
      ]
      assemble(out, ...from(d), ...from(s), ['local.get', size], ['memory.copy', 0, 0])
      again(less)
      assemble(out, 'end')
    },
    ['i32'],
  )
}

/** Whether a range of `n` bytes is not inside the memory: `n > end or start > end - n`. */
const outside = (start: number): readonly Line[] => {
  const end: readonly Line[] = [['memory.size', 0], ...toBytes]
  return [
    ['local.get', n],
    ...end,
    'i32.gt_u',
    ['local.get', start],
    ...end,
    ['local.get', n],
    'i32.sub',
    'i32.gt_u',
    'i32.or',
  ]
}

/** `size = min(n, piece)` */
const nextPiece: readonly Line[] = [
  ['i32.const', piece],
  ['local.get', n],
  ['local.get', n],
  ['i32.const', piece],
  'i32.gt_u',
  'select',
  ['local.set', size],
]

/** `n -= size`, which stays on the stack to say whether anything is left. */
const less: readonly Line[] = [['local.get', n], ['local.get', size], 'i32.sub', ['local.tee', n]]

/** `start += size` */
const forward = (start: number): readonly Line[] => [
  ['local.get', start],
  ['local.get', size],
  'i32.add',
  ['local.set', start],
]

/** What writes to the first memory from elsewhere: a data segment, or a memory that cannot grow. It needs no pieces. */
function markOthers(edit: ModuleEdit, map: number): void {
  edit.pass(({ local }) => ({
    before(at, out) {
      const written =
        at.opcode === op.memoryInit ? at.second : at.opcode === op.memoryCopy && at.second !== 0 ? at.index : -1
      if (written !== 0) return
      const [address, from, length] = [local('i32', 0), local('i32', 1), local('i32', 2)]
      assemble(out, ['local.set', length], ['local.set', from], ['local.set', address])
      markRange(out, map, address, length)
      assemble(out, ['local.get', address], ['local.get', from], ['local.get', length])
    },
  }))
}
