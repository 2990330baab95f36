import type { Writer } from './writer.ts'

/** How the immediates of an instruction are written. */
type Form = 'plain' | 'index' | 'signed' | 'block' | 'memory' | 'atomic' | 'bulk' | 'bulk2'

/** The instructions that our own code is written with, under their names in the text format. */
const instructions: Readonly<Record<string, readonly [readonly number[], Form]>> = {
  unreachable: [[0x00], 'plain'],
  block: [[0x02], 'block'],
  loop: [[0x03], 'block'],
  if: [[0x04], 'block'],
  else: [[0x05], 'plain'],
  try: [[0x06], 'block'],
  catch_all: [[0x19], 'plain'],
  end: [[0x0b], 'plain'],
  br: [[0x0c], 'index'],
  br_if: [[0x0d], 'index'],
  return: [[0x0f], 'plain'],
  call: [[0x10], 'index'],
  call_indirect: [[0x11], 'bulk2'],
  drop: [[0x1a], 'plain'],
  select: [[0x1b], 'plain'],
  'local.get': [[0x20], 'index'],
  'local.set': [[0x21], 'index'],
  'local.tee': [[0x22], 'index'],
  'global.get': [[0x23], 'index'],
  'global.set': [[0x24], 'index'],
  'table.get': [[0x25], 'index'],
  'i32.load': [[0x28], 'memory'],
  'i64.load': [[0x29], 'memory'],
  'f32.load': [[0x2a], 'memory'],
  'f64.load': [[0x2b], 'memory'],
  'i32.load8_u': [[0x2d], 'memory'],
  'i32.store': [[0x36], 'memory'],
  'i64.store': [[0x37], 'memory'],
  'f32.store': [[0x38], 'memory'],
  'f64.store': [[0x39], 'memory'],
  'i32.store8': [[0x3a], 'memory'],
  'v128.load': [[0xfd, 0x00], 'memory'],
  'v128.store': [[0xfd, 0x0b], 'memory'],
  'v128.or': [[0xfd, 0x50], 'plain'],
  'v128.any_true': [[0xfd, 0x53], 'plain'],
  'memory.size': [[0x3f], 'index'],
  'memory.grow': [[0x40], 'index'],
  'memory.init': [[0xfc, 0x08], 'bulk2'],
  'memory.copy': [[0xfc, 0x0a], 'bulk2'],
  'memory.fill': [[0xfc, 0x0b], 'bulk'],
  'i32.const': [[0x41], 'signed'],
  'i64.const': [[0x42], 'signed'],
  'i32.eqz': [[0x45], 'plain'],
  'i32.eq': [[0x46], 'plain'],
  'i32.lt_s': [[0x48], 'plain'],
  'i32.lt_u': [[0x49], 'plain'],
  'i32.gt_u': [[0x4b], 'plain'],
  'i32.le_u': [[0x4d], 'plain'],
  'i32.ge_u': [[0x4f], 'plain'],
  'i64.eqz': [[0x50], 'plain'],
  'i64.eq': [[0x51], 'plain'],
  'i64.lt_s': [[0x53], 'plain'],
  'i64.lt_u': [[0x54], 'plain'],
  'i32.add': [[0x6a], 'plain'],
  'i32.sub': [[0x6b], 'plain'],
  'i32.and': [[0x71], 'plain'],
  'i32.or': [[0x72], 'plain'],
  'i32.shl': [[0x74], 'plain'],
  'i32.shr_u': [[0x76], 'plain'],
  'i64.ctz': [[0x7a], 'plain'],
  'i64.popcnt': [[0x7b], 'plain'],
  'i64.or': [[0x84], 'plain'],
  'i64.shl': [[0x86], 'plain'],
  'i64.add': [[0x7c], 'plain'],
  'i64.sub': [[0x7d], 'plain'],
  'i32.wrap_i64': [[0xa7], 'plain'],
  'i64.extend_i32_s': [[0xac], 'plain'],
  'i64.extend_i32_u': [[0xad], 'plain'],
  'ref.is_null': [[0xd1], 'plain'],
  'memory.atomic.notify': [[0xfe, 0x00], 'atomic'],
  'i32.atomic.store': [[0xfe, 0x17], 'atomic'],
}

/**
 * One instruction with its immediates: an index or a constant; for memory, the index of the memory and a constant offset;
 * for `memory.copy`, the indexes of target and source; for `call_indirect`, of type and table; a block's type is none, or a number type's code.
 */
export type Line = string | readonly [string, ...(readonly number[])]

/** Writes instructions. Alignment is given as 1, which is never slower on the machines that Node runs on, and is right for all but atomics. */
export function assemble(out: Writer, ...lines: readonly Line[]): Writer {
  for (const line of lines) {
    const [name, first = 0, second = 0] = typeof line === 'string' ? [line] : line
    const known = instructions[name]
    if (known === undefined) throw new TypeError(`There is no instruction '${name}' here`)
    const [opcode, form] = known
    out.u8(...opcode)
    if (form === 'index' || form === 'bulk') out.u32(first)
    else if (form === 'signed') out.s32(first)
    else if (form === 'block') out.u8(first || emptyBlock)
    else if (form === 'memory') out.u8(withMemoryIndex).u32(first).u32(second)
    else if (form === 'atomic')
      out
        .u8(withMemoryIndex | ofFourBytes)
        .u32(first)
        .u32(second)
    else if (form === 'bulk2') out.u32(first).u32(second)
  }
  return out
}

const emptyBlock = 0x40
const withMemoryIndex = 0x40
const ofFourBytes = 2
