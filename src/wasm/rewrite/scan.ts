import { instruction, next, op } from '../binary/instructions.ts'
import type { ModuleInfo } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import { skipLocals } from './code.ts'

/** What a module's code can do that matters to the rewriter and to the checkpoint. */
export interface Scan {
  /** It asks for the size of its first memory, or changes it. */
  readonly sizesMemory: boolean
  /** It can change what stands in a table. */
  readonly writesTables: boolean
  /** It can make a table larger. */
  readonly growsTables: boolean
  /** The bulk operations that it has on its first memory: their opcodes. */
  readonly bulk: ReadonlySet<number>
  /** It can drop data or element segments after its start function has run. */
  readonly dropsSegments: boolean
}

const tableWrites = new Set<number>([op.tableSet, op.tableInit, op.tableCopy, op.tableGrow, op.tableFill])

/** Walks every instruction once. */
export function scan(module: ModuleInfo): Scan {
  const found = { sizesMemory: false, writesTables: false, growsTables: false, dropsSegments: false, bulk: new Set<number>() }
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
      if (opcode === op.memoryFill || opcode === op.memoryCopy) found.bulk.add(opcode)
      if (tableWrites.has(opcode)) found.writesTables = true
      if (opcode === op.tableGrow) found.growsTables = true
      // What the start function drops is gone before the checkpoint is taken.
      if ((opcode === op.dataDrop || opcode === op.elemDrop) && position + imported !== module.start) found.dropsSegments = true
    }
  }
  return found
}
