import { assemble, type Line } from '../binary/assemble.ts'
import { type Instruction, op } from '../binary/instructions.ts'
import type { Writer } from '../binary/writer.ts'
import type { ModuleEdit } from './edit.ts'

/** Bytes of memory that one mark stands for, as a power of two. */
export const markBits = 10

/**
 * How far a store can reach beyond the page of its address: a restore puts back that much more after every marked page, and
 * so a store across a border needs one mark and not two.
 */
export const reach = 16

/**
 * Marks the page of every store to the first memory, in a map with one byte for each page at the start of another memory.
 *
 * The address may wrap when the constant offset is added: a store that really reaches beyond 4 GiB traps and writes
 * nothing, and then the mark is on a page that is as it was.
 *
 * @param map - index of the memory with the map
 */
export function markStores(edit: ModuleEdit, map: number): void {
  edit.pass(({ local }) => ({
    before(at, out) {
      const operands = at.index === 0 ? operandsOf(at) : undefined
      if (operands === undefined) return
      const values = operands.map((type, which) => local(type, type === 'i32' ? which + 1 : which))
      const address = local('i32', 0)
      for (const value of values.toReversed()) assemble(out, ['local.set', value])
      assemble(out, ['local.tee', address], ['local.get', address])
      if (at.memoryOffset !== 0) assemble(out, ['i32.const', at.memoryOffset | 0], 'i32.add')
      assemble(out, ['i32.const', markBits], 'i32.shr_u', ['i32.const', 1], ['i32.store8', map])
      for (const value of values) assemble(out, ['local.get', value])
    },
  }))
}

/** Marks the pages of a range whose start and length are in locals. */
export function markRange(out: Writer, map: number, start: number, length: number): void {
  const first: readonly Line[] = [['local.get', start], ['i32.const', markBits], 'i32.shr_u']
  const end: readonly Line[] = [['local.get', start], ['local.get', length], 'i32.add', ['i32.const', 1], 'i32.sub']
  const last: readonly Line[] = [...end, ['i32.const', markBits], 'i32.shr_u']
  assemble(out, ['local.get', length], ['if'])
  // Most ranges lie in one page or two, and stores are quicker than a fill.
  assemble(out, ...first, ['i32.const', 1], ['i32.store8', map], ...last, ['i32.const', 1], ['i32.store8', map])
  assemble(out, ...last, ...first, 'i32.sub', ['i32.const', 1], 'i32.gt_u', ['if'])
  // A range that wraps makes a length beyond the map: then this traps as the operation would.
  assemble(out, ...first, ['i32.const', 1], ...last, ...first, 'i32.sub', ['memory.fill', map], 'end', 'end')
}

/** The types of what a store takes beside its address; undefined for what is no store. */
function operandsOf({ opcode }: Readonly<Instruction>): readonly string[] | undefined {
  if (opcode < op.firstStore) return undefined
  if (opcode <= op.lastStore) return plain[opcode - op.firstStore]
  if (opcode === op.v128Store || (opcode >= op.firstLaneStore && opcode <= op.lastLaneStore)) return ['v128']
  if (opcode < op.firstAtomicStore || opcode > op.lastAtomic) return undefined
  // Seven widths for each operation, of which the first, third and fourth are of type i32.
  const type = [0, 2, 3].includes((opcode - op.firstAtomicStore) % 7) ? 'i32' : 'i64'
  return opcode >= op.firstAtomicExchange ? [type, type] : [type]
}

/** `i32.store` to `i64.store32`. */
const plain: readonly (readonly string[])[] = [
  ['i32'],
  ['i64'],
  ['f32'],
  ['f64'],
  ['i32'],
  ['i32'],
  ['i64'],
  ['i64'],
  ['i64'],
]
