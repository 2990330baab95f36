import { type Instruction, instruction, next } from '../binary/instructions.ts'
import { Reader } from '../binary/reader.ts'
import { type FunctionType, valueType } from '../binary/types.ts'
import { Writer } from '../binary/writer.ts'

/** One of the guest's functions while passes go over it. */
export interface FunctionCode {
  readonly index: number
  readonly type: FunctionType
  /** The body, without the declarations of locals. */
  readonly body: Reader
  /** What is written here runs at every entry. */
  readonly entry: Writer
  /** A local of our own, of a number type; asked for twice, the same one. `which` tells those of one type apart. */
  readonly local: (type: string, which?: number) => number
}

/** What one pass does with one function. `at` is one object used again and again. */
export interface Instrument {
  /** Writes what runs before an instruction. */
  before?(at: Readonly<Instruction>, out: Writer): void
  /** Writes what stands in place of an instruction, or returns false to leave it. The first pass that replaces it wins. */
  replace?(at: Readonly<Instruction>, out: Writer): boolean
  /** Writes what runs after an instruction; after `loop` that is at its head. */
  after?(at: Readonly<Instruction>, out: Writer): void
}

/** A pass over the code: says for each function what it does with it, if anything. */
export type Pass = (code: FunctionCode) => Instrument | undefined

const codes: Readonly<Record<string, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
  exnref: 0x69,
}

/** The code of a type that one byte says, in the binary format. */
export function typeCode(name: string): number {
  const code = codes[name]
  if (code === undefined) throw new TypeError(`${name} is no type of one byte`)
  return code
}

/** Writes a function's body as the passes leave it, with its size before it. */
export function rewriteBody(
  reader: Reader,
  index: number,
  type: FunctionType,
  passes: readonly Pass[],
  out: Writer,
): void {
  const start = reader.offset
  const locals = skipLocals(reader)
  const firstOwn = type.params.length + locals.count
  const own: string[] = []
  const entry = new Writer()
  const body = new Reader(reader.bytes, reader.offset, reader.end)
  const local = (wanted: string, which = 0): number => {
    const key = `${wanted}${which}`
    const known = own.indexOf(key)
    return firstOwn + (known < 0 ? own.push(key) - 1 : known)
  }
  const code: FunctionCode = { index, type, body, entry, local }
  const instruments = passes.flatMap((pass) => pass(code) ?? [])
  if (instruments.length === 0 && entry.length === 0) {
    out.u32(reader.end - start).raw(reader.bytes.subarray(start, reader.end))
    return
  }
  const instructions = new Writer()
  instrument(new Reader(reader.bytes, reader.offset, reader.end), instruments, instructions)
  out.sized((sized) => {
    sized.u32(locals.groups + own.length).raw(reader.bytes.subarray(locals.start, reader.offset))
    for (const key of own) sized.u32(1).u8(typeCode(key.slice(0, -1)))
    sized.append(entry).append(instructions)
  })
}

/** Copies the instructions, in stretches as long as nothing is written between them. */
function instrument(reader: Reader, instruments: readonly Instrument[], out: Writer): void {
  const at = instruction()
  let copied = reader.offset
  const copyTo = (end: number): void => {
    out.raw(reader.bytes.subarray(copied, end))
    copied = end
  }
  const added = new Writer()
  const flush = (end: number): void => {
    if (added.length === 0) return
    copyTo(end)
    out.append(added)
    added.clear()
  }
  const before = instruments.filter((each) => each.before !== undefined)
  const replace = instruments.filter((each) => each.replace !== undefined)
  const after = instruments.filter((each) => each.after !== undefined)
  while (!reader.done) {
    next(reader, at)
    for (const each of before) each.before?.(at, added)
    flush(at.offset)
    for (const each of replace) {
      if (each.replace?.(at, added) !== true) continue
      copyTo(at.offset)
      copied = at.end
      out.append(added)
      added.clear()
      break
    }
    for (const each of after) each.after?.(at, added)
    flush(at.end)
  }
  copyTo(reader.end)
}

/** Moves past the declarations of locals, and says where they start, how many groups they are and how many locals. */
export function skipLocals(reader: Reader): {
  readonly start: number
  readonly groups: number
  readonly count: number
} {
  const groups = reader.u32()
  const start = reader.offset
  let count = 0
  for (let group = 0; group < groups; group++) {
    count += reader.u32()
    valueType(reader)
  }
  return { start, groups, count }
}
