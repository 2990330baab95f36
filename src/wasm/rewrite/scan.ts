import { elementFunctions } from '../binary/elements.ts'
import { instruction, next, op } from '../binary/instructions.ts'
import type { ModuleInfo } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import { skipLocals } from './code.ts'

/** What a module's code can do that matters to the rewriter and to the checkpoint. */
export interface Scan {
  /** It asks for the size of its first memory, or changes it. */
  readonly sizesMemory: boolean
  /** The tables in which it can change what stands there, or how much. */
  readonly writtenTables: ReadonlySet<number>
  /** It has bulk operations on memories. */
  readonly bulk: boolean
  /** It can drop data or element segments after its start function has run. */
  readonly dropsSegments: boolean
}

const byName = new Set<number>([op.call, op.returnCall, op.refFunc])
const tableWrites = new Set<number>([op.tableSet, op.tableInit, op.tableCopy, op.tableGrow, op.tableFill])

/** Walks every instruction once. */
export function scan(module: ModuleInfo): Scan {
  const found = { sizesMemory: false, writtenTables: new Set<number>(), dropsSegments: false, bulk: false }
  const startElsewhere =
    elementFunctions(module).has(module.start ?? -1) ||
    module.exports.some(({ kind, index }) => kind === 'func' && index === module.start)
  let startDrops = false
  let startCalled = startElsewhere
  const at = instruction()
  const imported = module.functions.length - module.bodies.length
  for (const [position, { start, end }] of module.bodies.entries()) {
    const reader = new Reader(module.bytes, start, end)
    skipLocals(reader)
    while (!reader.done) {
      next(reader, at)
      const { opcode, index } = at
      if (opcode < op.call) continue
      if ((opcode === op.memorySize || opcode === op.memoryGrow) && index === 0) found.sizesMemory = true
      if (opcode === op.memoryFill || opcode === op.memoryCopy || opcode === op.memoryInit) found.bulk = true
      if (tableWrites.has(opcode)) found.writtenTables.add(opcode === op.tableInit ? at.second : index)
      if (byName.has(opcode) && index === module.start) startCalled = true
      if (opcode !== op.dataDrop && opcode !== op.elemDrop) continue
      // What the start function drops is gone before the checkpoint is taken, unless it runs again.
      if (position + imported === module.start) startDrops = true
      else found.dropsSegments = true
    }
  }
  found.dropsSegments ||= startDrops && startCalled
  return found
}
