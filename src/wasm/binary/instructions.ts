import type { Reader } from './reader.ts'
import { refusal, spell } from './refused.ts'
import { heapType, unsupported, valueType } from './types.ts'

/** The instruction that {@link next} just read. One object is used again and again: copy what you keep. */
export interface Instruction {
  /** Offset of the opcode's first byte. */
  offset: number
  /** The opcode; a prefixed one is its prefix times 4096 plus its number, as {@link op} names it. */
  opcode: number
  /** The first index among its immediates: function, global, table, memory, segment or label; else -1. */
  index: number
  /** Where there are two indexes, the second: the source memory of a copy, the memory of an initialisation; else -1. */
  second: number
  /** The constant offset of an instruction that reaches memory; else 0. */
  memoryOffset: number
  /** Offset right after its last immediate. */
  end: number
}

/** The opcodes that passes and trap causes ask for by name. */
export const op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  callRef: 0x14,
  returnCallRef: 0x15,
  delegate: 0x18,
  catchAll: 0x19,
  tryTable: 0x1f,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  firstStore: 0x36,
  lastStore: 0x3e,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  refFunc: 0xd2,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  memoryInit: 0xfc_008,
  dataDrop: 0xfc_009,
  memoryCopy: 0xfc_00a,
  memoryFill: 0xfc_00b,
  tableInit: 0xfc_00c,
  elemDrop: 0xfc_00d,
  tableCopy: 0xfc_00e,
  tableGrow: 0xfc_00f,
  tableFill: 0xfc_011,
  v128Store: 0xfd_00b,
  firstLaneStore: 0xfd_058,
  lastLaneStore: 0xfd_05b,
  firstAtomicStore: 0xfe_017,
  firstAtomicExchange: 0xfe_048,
  lastAtomic: 0xfe_04e,
} as const

type Immediates = (reader: Reader, at: Instruction) => void

const index: Immediates = (reader, at) => {
  at.index = reader.u32()
}
const twoIndexes: Immediates = (reader, at) => {
  at.index = reader.u32()
  at.second = reader.u32()
}
/** `call_indirect`: the type comes first, but the table is what is asked for. */
const typeThenTable: Immediates = (reader, at) => {
  reader.u32()
  at.index = reader.u32()
}
const blockType: Immediates = (reader) => {
  const byte = reader.bytes[reader.offset] ?? 0
  if (byte === 0x40) reader.u8()
  else if (byte >= 0x60 && byte <= 0x7f) valueType(reader)
  else reader.skipInteger(33)
}
const branchTable: Immediates = (reader) => {
  reader.vector(() => reader.u32())
  reader.u32()
}
const memoryArgument: Immediates = (reader, at) => {
  const flags = reader.u32()
  // An alignment, and whether the memory is named. A proposal has a third flag, for another byte.
  if ((flags & ~0x47) !== 0) reader.fail('a memory access has unknown flags', at.offset)
  at.index = flags & 0x40 ? reader.u32() : 0
  at.memoryOffset = reader.u32()
}
const laneOfMemory: Immediates = (reader, at) => {
  memoryArgument(reader, at)
  reader.skip(1)
}
const catches: Immediates = (reader, at) => {
  blockType(reader, at)
  reader.vector(() => {
    const kind = reader.u8()
    if (kind > 3) reader.fail('a try_table has an unknown catch', reader.offset - 1)
    if (kind < 2) reader.u32()
    reader.u32()
  })
}

const none: Immediates = () => {}
const single: (Immediates | undefined)[] = []
const set = (from: number, to: number, immediates: Immediates): void => {
  for (let opcode = from; opcode <= to; opcode++) single[opcode] = immediates
}
set(0x00, 0x01, none)
set(0x02, 0x04, blockType)
set(0x05, 0x05, none)
set(0x06, 0x06, blockType)
set(0x07, 0x09, index)
set(0x0a, 0x0b, none)
set(0x0c, 0x0d, index)
set(0x0e, 0x0e, branchTable)
set(0x0f, 0x0f, none)
set(0x10, 0x10, index)
set(0x11, 0x11, typeThenTable)
set(0x12, 0x12, index)
set(0x13, 0x13, typeThenTable)
set(0x14, 0x15, index)
set(0x18, 0x18, index)
set(0x19, 0x1b, none)
set(0x1c, 0x1c, (reader) => void reader.vector(() => valueType(reader)))
set(0x1f, 0x1f, catches)
set(0x20, 0x26, index)
set(0x28, 0x3e, memoryArgument)
set(0x3f, 0x40, index)
set(0x41, 0x41, (reader) => reader.skipInteger(32))
set(0x42, 0x42, (reader) => reader.skipInteger(64))
set(0x43, 0x43, (reader) => void reader.skip(4))
set(0x44, 0x44, (reader) => void reader.skip(8))
set(0x45, 0xc4, none)
set(0xd0, 0xd0, (reader) => void heapType(reader))
set(0xd1, 0xd1, none)
set(0xd2, 0xd2, index)
set(0xd4, 0xd4, none)
set(0xd5, 0xd6, index)

function bulk(number: number): Immediates | undefined {
  if (number <= 7) return none
  if (number === 8 || number === 10 || number === 12 || number === 14) return twoIndexes
  return number <= 17 ? index : undefined
}

function vector(number: number): Immediates | undefined {
  if (number <= 11 || number === 92 || number === 93) return memoryArgument
  if (number === 12 || number === 13) return (reader) => void reader.skip(16)
  if (number >= 21 && number <= 34) return (reader) => void reader.skip(1)
  if (number >= 84 && number <= 91) return laneOfMemory
  return number <= 0x113 ? none : undefined
}

function atomic(number: number): Immediates | undefined {
  if (number === 0 || (number >= 0x10 && number <= 0x4e)) return memoryArgument
  return number === 3 ? (reader) => void reader.skip(1) : undefined
}

/** Reads one instruction with all of its immediates. */
export function next(reader: Reader, at: Instruction): void {
  const offset = reader.offset
  const byte = reader.u8()
  at.offset = offset
  at.opcode = byte
  at.index = -1
  at.second = -1
  at.memoryOffset = 0
  let immediates = single[byte]
  // Most instructions by far: a call through the table would cost more than they do.
  if (immediates === none || immediates === index) {
    if (immediates === index) at.index = reader.u32()
    at.end = reader.offset
    return
  }
  let number: number | undefined
  if (byte >= 0xfb && byte <= 0xfe) {
    number = reader.u32()
    at.opcode = byte * 0x1000 + number
    immediates = byte === 0xfc ? bulk(number) : byte === 0xfd ? vector(number) : atomic(number)
  }
  if (byte === 0xd3 || byte === 0xfb || byte === 0xfe) {
    const refused = refusal(byte, number ?? 0)
    if (refused !== undefined) unsupported(refused, offset)
  }
  if (immediates === undefined) reader.fail(`${spell(byte, number)} is no instruction`, offset)
  immediates(reader, at)
  at.end = reader.offset
}

/** An instruction to read into. */
export function instruction(): Instruction {
  return { offset: 0, opcode: 0, index: -1, second: -1, memoryOffset: 0, end: 0 }
}
