import { type Instruction, next } from '../binary/instructions.ts'
import { type ModuleInfo, type Range, type Section, sectionOrder } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import { type FunctionType, signature, type SizeLimits, valueType } from '../binary/types.ts'
import { Writer } from '../binary/writer.ts'

/** Writes what stands in place of one instruction. */
export type Replacement = (at: Readonly<Instruction>, out: Writer) => void

const section = { type: 1, function: 3, memory: 5, global: 6, export: 7, start: 8, code: 10 } as const
const kinds = { func: 0, table: 1, memory: 2, global: 3 } as const
const numbers: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c }

/**
 * A module being changed. Passes add to the ends of its index spaces and replace single instructions, so nothing of the
 * guest's is renumbered: its function indexes, and so its names in traces, stay what they were.
 */
export class ModuleEdit {
  readonly module: ModuleInfo
  readonly #added = new Map<number, Writer[]>()
  readonly #replacements = new Map<number, Replacement>()
  readonly #types: string[]
  #functions: number
  #globals: number
  #memories: readonly SizeLimits[] | undefined
  #start: number | undefined

  constructor(module: ModuleInfo) {
    this.module = module
    this.#types = module.types.map(signature)
    this.#functions = module.functions.length
    this.#globals = module.globals.length
    this.#start = module.start
  }

  /** Adds a function of number types without locals of its own and returns its index. */
  function(type: FunctionType, code: (out: Writer) => void): number {
    this.#add(section.function).u32(this.#type(type))
    this.#add(section.code).sized((out) => {
      out.u32(0)
      code(out)
      out.u8(0x0b)
    })
    return this.#functions++
  }

  /** Adds a mutable i32 and returns its index. */
  counter(initial: number): number {
    this.#add(section.global).u8(0x7f, 1, 0x41).s32(initial).u8(0x0b)
    return this.#globals++
  }

  export(name: string, kind: keyof typeof kinds, index: number): void {
    this.#add(section.export).name(name).u8(kinds[kind]).u32(index)
  }

  /** Gives the memories that the module defines itself other limits. */
  memories(limits: readonly SizeLimits[]): void {
    this.#memories = limits
  }

  /** Takes the start function away: whoever instantiates the module calls it. */
  dropStart(): void {
    this.#start = undefined
  }

  /** Writes something else wherever an instruction with this opcode stands. */
  replace(opcode: number, replacement: Replacement): void {
    this.#replacements.set(opcode, replacement)
  }

  emit(): Uint8Array<ArrayBuffer> {
    const out = new Writer().raw(this.module.bytes.subarray(0, 8))
    const known = this.module.sections.filter(({ id }) => id !== 0)
    const missing = [...this.#added.keys()].filter((id) => known.every((have) => have.id !== id))
    const position = (id: number): number => sectionOrder.indexOf(id)
    missing.sort((a, b) => position(a) - position(b))
    for (const have of this.module.sections) {
      // A custom section keeps its place; a new one comes right before the first that must follow it.
      while (have.id !== 0 && missing[0] !== undefined && position(missing[0]) < position(have.id)) {
        this.#emit(out, missing.shift() ?? 0, undefined)
      }
      this.#emit(out, have.id, have)
    }
    for (const id of missing) this.#emit(out, id, undefined)
    return out.bytes()
  }

  #emit(out: Writer, id: number, have: Section | undefined): void {
    if (id === section.start && this.#start === undefined) return
    const added = this.#added.get(id) ?? []
    if (id === section.memory && this.#memories !== undefined) {
      const limits = this.#memories
      out.u8(id).sized((body) => {
        body.u32(limits.length)
        for (const { min, max } of limits) {
          body.u8(max === undefined ? 0 : 1).u32(min)
          if (max !== undefined) body.u32(max)
        }
      })
    } else if (id === section.code && this.#replacements.size > 0) {
      out.u8(id).sized((body) => {
        body.u32(this.module.bodies.length + added.length)
        for (const range of this.module.bodies) this.#code(body, range)
        for (const writer of added) body.raw(writer.bytes())
      })
    } else if (added.length === 0 && have !== undefined) {
      out.raw(this.module.bytes.subarray(have.start, have.end))
    } else {
      const old = new Reader(this.module.bytes, have?.body ?? 0, have?.end ?? 0)
      const count = have === undefined ? 0 : old.u32()
      out.u8(id).sized((body) => {
        body.u32(count + added.length).raw(this.module.bytes.subarray(old.offset, old.end))
        for (const writer of added) body.raw(writer.bytes())
      })
    }
  }

  /** One function's body, with the replaced instructions; everything between them is copied as it is. */
  #code(out: Writer, range: Range): void {
    const reader = new Reader(this.module.bytes, range.start, range.end)
    skipLocals(reader)
    out.sized((body) => {
      const at: Instruction = { offset: 0, opcode: 0, index: -1 }
      let copied = range.start
      while (!reader.done) {
        next(reader, at)
        const replacement = this.#replacements.get(at.opcode)
        if (replacement === undefined) continue
        body.raw(this.module.bytes.subarray(copied, at.offset))
        replacement(at, body)
        copied = reader.offset
      }
      body.raw(this.module.bytes.subarray(copied, range.end))
    })
  }

  #type(type: FunctionType): number {
    const wanted = signature(type)
    const index = this.#types.indexOf(wanted)
    if (index >= 0) return index
    const entry = this.#add(section.type).u8(0x60)
    for (const values of [type.params, type.results]) entry.u32(values.length).u8(...values.map((value) => numbers[value] ?? 0))
    return this.#types.push(wanted) - 1
  }

  #add(id: number): Writer {
    const entry = new Writer()
    this.#added.set(id, [...(this.#added.get(id) ?? []), entry])
    return entry
  }
}

/** Moves past the declarations of locals at the head of a function's body. */
export function skipLocals(reader: Reader): void {
  reader.vector(() => {
    reader.u32()
    return valueType(reader)
  })
}
