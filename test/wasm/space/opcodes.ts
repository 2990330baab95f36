import { instruction, next } from '../../../src/wasm/binary/instructions.ts'
import { Reader } from '../../../src/wasm/binary/reader.ts'
import { leb } from '../../support/wat.ts'
import { judge } from './judge.ts'
import { CodeTemplate, templateCount } from './module.ts'
import { type Bytes, framesOf, shapes, shapesOf } from './shapes.ts'
import type { Findings } from './findings.ts'

const templates = Array.from({ length: templateCount }, (_, template) => new CodeTemplate(template))
/** The template without types of a collector, which is never refused for them. */
const [first = new CodeTemplate(0)] = templates

/** A prefix has so many instructions that are asked for; V8 itself knows none beyond 4,095. */
const prefixed = 0x200

/** Walks all opcodes. For each it asks V8 first, and then Mortise about everything that V8 takes. */
export function walkOpcodes(found: Findings): void {
  for (let byte = 0; byte < 256; byte++) {
    if (byte >= 0xfb && byte <= 0xfe)
      for (let number = 0; number < prefixed; number++) walk([byte, ...leb(number)], found)
    else walk([byte], found)
  }
}

/** So many shapes of one opcode are given to Mortise: memory operations alone would have thousands. */
const most = 32

function walk(opcode: Bytes, found: Findings): void {
  if (!isKnown(opcode)) return
  const read = isRead(opcode)
  found.opcode(read)
  if (read) walkRead(opcode, found)
  else walkRefused(opcode, found)
}

/** An instruction that the table has: what V8 takes as one is read as one of the same length, and is rewritten. */
function walkRead(opcode: Bytes, found: Findings): void {
  const judged = new Set<string>()
  const fits = (before: Bytes, shape: Bytes, after: Bytes): boolean =>
    WebAssembly.validate(first.module(before, opcode, shape, after).bytes)
  const fitsSomewhere = (shape: Bytes): boolean =>
    framesOf(opcode).some(([before, after]) => fits(before, shape, after))
  // Cut short, an instruction takes what follows for a part of it.
  const possible = readPart(opcode, []).length === 0 ? [[]] : shapesOf(opcode)
  const read = possible.map((shape) => [shape, readPart(opcode, shape)] as const)
  const whole = read.filter(([shape, own]) => own.length <= shape.length)
  for (const [before, after] of framesOf(opcode)) {
    for (const [shape, own] of whole) {
      if (judged.has(own.join()) || !fits(before, shape, after)) continue
      // What goes on behind it has to be other instructions.
      if (own.length < shape.length && !fitsSomewhere(own))
        found.wrong(`${hex(opcode)} ${hex(shape)} is read as ${hex(own)}`)
      const { bytes: made } = first.module(before, opcode, shape, after)
      found.shape(judge(made.slice(), judged.size))
      if (own.length === 0 || judged.add(own.join()).size === most) return
    }
  }
  if (judged.size === 0) found.wrong(`${hex(opcode)} is in the table, and V8 takes it in no shape that was tried`)
}

/** An instruction that the table does not have: whatever follows it, it is refused, and right where it is. */
function walkRefused(opcode: Bytes, found: Findings): void {
  for (const code of templates) {
    let judged = 0
    for (const [before, after] of framesOf(opcode)) {
      for (const shape of shapes) {
        const { bytes: made, start } = code.module(before, opcode, shape, after)
        if (judged === most || !WebAssembly.validate(made)) continue
        const verdict = judge(made.slice(), judged++)
        found.shape(verdict)
        if (verdict.kind !== 'refused') found.wrong(`${hex(opcode)} is in no table, and is taken: ${hex(made)}`)
        else if (code === first && (verdict.offset ?? Infinity) > start + before.length)
          found.wrong(`${hex(opcode)} is refused, but not where it is: ${verdict.reason}`)
      }
    }
  }
}

/** Whether V8 has an instruction of this opcode, by what it says about one with nothing behind it. */
function isKnown(opcode: Bytes): boolean {
  try {
    new WebAssembly.Module(first.module([0x00], opcode, [0x0b]).bytes.slice())
    return true
  } catch (error) {
    return !/invalid (opcode|prefixed opcode|\w+ opcode)/i.test(String(error))
  }
}

/** Whether Mortise's table has it: an instruction of it may be cut short or refused for what follows, but is known. */
function isRead(opcode: Bytes): boolean {
  const reader = new Reader(Uint8Array.from([...opcode, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
  try {
    next(reader, instruction())
    return true
  } catch (error) {
    return !/no instruction|uses /.test(String(error))
  }
}

/** What Mortise reads as part of an instruction: longer than it is where that is cut short, and all of it where it is refused. */
function readPart(opcode: Bytes, shape: Bytes): Bytes {
  const at = instruction()
  try {
    next(new Reader(Uint8Array.from([...opcode, ...shape])), at)
    return shape.slice(0, at.end - opcode.length)
  } catch (error) {
    return /too early|are left/.test(String(error)) ? [...shape, 0] : shape
  }
}

const hex = (bytes: Iterable<number>): string => Buffer.from([...bytes]).toString('hex')
