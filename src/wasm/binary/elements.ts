import { instruction, next, op } from './instructions.ts'
import type { ModuleInfo } from './module.ts'
import { Reader } from './reader.ts'
import { valueType } from './types.ts'

/** The functions that the module's tables and segments may hold: those of its element section, and of constant expressions. */
export function elementFunctions(module: ModuleInfo): ReadonlySet<number> {
  const found = new Set<number>()
  for (const { id, body, end } of module.sections) {
    const reader = new Reader(module.bytes, body, end)
    if (id === 4 || id === 6) expressions(reader, id, found)
    if (id === 9) reader.vector(() => segment(reader, found))
  }
  return found
}

function segment(reader: Reader, found: Set<number>): void {
  const flags = reader.u32()
  if (flags > 7) reader.fail('an element segment has unknown flags')
  const passive = (flags & 1) !== 0
  const explicit = (flags & 2) !== 0
  const asExpressions = (flags & 4) !== 0
  if (!passive && explicit) reader.u32()
  if (!passive) constant(reader, found)
  // A segment says what it holds unless it is of the oldest, active form.
  if (passive || explicit) {
    if (asExpressions) valueType(reader)
    else reader.u8()
  }
  reader.vector(() => {
    if (asExpressions) constant(reader, found)
    else found.add(reader.u32())
  })
}

/** Initial values of tables and globals may name functions too. */
function expressions(reader: Reader, id: number, found: Set<number>): void {
  reader.vector(() => {
    if (id === 6) {
      valueType(reader)
      reader.u8()
      constant(reader, found)
      return
    }
    const withInitial = reader.bytes[reader.offset] === 0x40
    if (withInitial) reader.skip(2)
    valueType(reader)
    const limited = reader.u8() & 1
    reader.u32()
    if (limited) reader.u32()
    if (withInitial) constant(reader, found)
  })
}

function constant(reader: Reader, found: Set<number>): void {
  const at = instruction()
  do {
    next(reader, at)
    if (at.opcode === op.refFunc) found.add(at.index)
  } while (at.opcode !== op.end)
}
