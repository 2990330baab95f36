import { instruction, next } from '../../../src/wasm/binary/instructions.ts'
import type { ModuleInfo } from '../../../src/wasm/binary/module.ts'
import { Reader } from '../../../src/wasm/binary/reader.ts'
import { skipLocals } from '../../../src/wasm/rewrite/code.ts'

/** What an opcode belongs to, beside the first version of WebAssembly. */
const features: Readonly<Record<string, (opcode: number) => boolean>> = {
  'sign extension': (opcode) => opcode >= 0xc0 && opcode <= 0xc4,
  'saturating conversion': (opcode) => opcode >= 0xfc_000 && opcode <= 0xfc_007,
  'bulk memory': (opcode) => opcode >= 0xfc_008 && opcode <= 0xfc_00e,
  'reference types': (opcode) => [0x25, 0x26, 0xd0, 0xfc_00f, 0xfc_010, 0xfc_011].includes(opcode),
  SIMD: (opcode) => opcode >= 0xfd_000 && opcode <= 0xfd_0ff,
  'relaxed SIMD': (opcode) => opcode >= 0xfd_100 && opcode <= 0xfd_113,
  atomics: (opcode) => opcode >= 0xfe_000,
  'tail calls': (opcode) => opcode === 0x12 || opcode === 0x13 || opcode === 0x15,
  'function references': (opcode) => opcode === 0x14 || opcode === 0x15 || (opcode >= 0xd4 && opcode <= 0xd6),
  'exceptions, new': (opcode) => opcode === 0x1f || opcode === 0x0a,
  'exceptions, old': (opcode) => opcode === 0x06,
  'memory.grow': (opcode) => opcode === 0x40,
  loops: (opcode) => opcode === 0x03,
  'indirect calls': (opcode) => opcode === 0x11,
}

/** The names of what a module uses. */
export function featuresOf(info: ModuleInfo): ReadonlySet<string> {
  const opcodes = new Set<number>()
  const at = instruction()
  for (const { start, end } of info.bodies) {
    const reader = new Reader(info.bytes, start, end)
    skipLocals(reader)
    while (!reader.done) {
      next(reader, at)
      opcodes.add(at.opcode)
    }
  }
  const used = new Set(Object.keys(features).filter((name) => [...opcodes].some((opcode) => features[name]?.(opcode))))
  if (info.memories.length > 1) used.add('multiple memories')
  if (info.types.some(({ results }) => results.length > 1)) used.add('multiple values')
  if (info.start !== undefined) used.add('start function')
  return used
}
