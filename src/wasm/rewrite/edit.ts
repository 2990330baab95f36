import { type ModuleInfo, type Section, sectionOrder } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import { type FunctionType, signature, type SizeLimits } from '../binary/types.ts'
import { Writer } from '../binary/writer.ts'
import { typeCode, type Pass, rewriteBody } from './code.ts'

const section = { type: 1, import: 2, function: 3, memory: 5, global: 6, export: 7, start: 8, code: 10 } as const
const kinds = { func: 0, table: 1, memory: 2, global: 3 } as const

/** The constant expressions of the types that have a zero or a null. */
export const zeros: Readonly<Record<string, readonly number[]>> = {
  i32: [0x41, 0],
  i64: [0x42, 0],
  f32: [0x43, 0, 0, 0, 0],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  v128: [0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  funcref: [0xd0, 0x70],
  externref: [0xd0, 0x6f],
  exnref: [0xd0, 0x69],
}

/**
 * A module being changed. Passes add to the ends of its index spaces and go over its code, so nothing of the guest's is
 * renumbered: its function indexes, and so its names in traces, stay what they were.
 */
export class ModuleEdit {
  readonly module: ModuleInfo
  readonly #added = new Map<number, Writer[]>()
  readonly #passes: Pass[] = []
  readonly #replaced = new Map<number, (out: Writer) => void>()
  readonly #types: string[]
  #functions: number
  #globals: number
  #memories: number
  /** The memories that the module defines itself, unless they were made imports. */
  #defined: readonly SizeLimits[]
  #limitsChanged = false
  #start: number | undefined

  constructor(module: ModuleInfo) {
    this.module = module
    this.#types = module.types.map(signature)
    this.#functions = module.functions.length
    this.#globals = module.globals.length
    this.#memories = module.memories.length
    this.#defined = module.memories.slice(module.imports.filter(({ kind }) => kind === 'memory').length)
    this.#start = module.start
  }

  /** Adds a function of number types and returns its index. `locals` are the types of its own locals, after the parameters. */
  function(type: FunctionType, code: (out: Writer) => void, locals: readonly string[] = []): number {
    this.#add(section.function).u32(this.#type(type))
    this.#add(section.code).sized((out) => {
      out.u32(locals.length)
      for (const local of locals) out.u32(1).u8(typeCode(local))
      code(out)
      out.u8(0x0b)
    })
    return this.#functions++
  }

  /** Adds a mutable i32 and returns its index. */
  counter(initial: number): number {
    this.#add(section.global).u8(typeCode('i32'), 1, 0x41).s32(initial).u8(0x0b)
    return this.#globals++
  }

  /** Adds a mutable global that begins at zero or null and returns its index. */
  global(type: string): number {
    const zero = zeros[type]
    if (zero === undefined) throw new TypeError(`A ${type} has no zero`)
    this.#add(section.global).u8(typeCode(type), 1, ...zero, 0x0b)
    return this.#globals++
  }

  export(name: string, kind: keyof typeof kinds, index: number): void {
    this.#add(section.export).name(name).u8(kinds[kind]).u32(index)
  }

  /** Gives the memories that the module defines itself other limits. */
  limitMemories(limits: readonly SizeLimits[]): void {
    this.#defined = limits
    this.#limitsChanged = true
  }

  /**
   * Makes imports of the memories that the module defines, so that ours, which are imported, come after them: a memory that
   * is not at index 0 is slower to reach.
   */
  importMemories(module: string, name: (index: number) => string): void {
    const first = this.#memories - this.#defined.length
    for (const [position, { min, max }] of this.#defined.entries()) {
      const entry = this.#add(section.import)
        .name(module)
        .name(name(first + position))
        .u8(2)
      entry.u8(max === undefined ? 0 : 1).u32(min)
      if (max !== undefined) entry.u32(max)
    }
    this.#defined = []
    this.#limitsChanged = true
  }

  /** Imports a shared memory of one page and returns its index; call `importMemories` first. */
  importShared(module: string, name: string): number {
    this.#add(section.import).name(module).name(name).u8(2, 3).u32(1).u32(1)
    return this.#memories++
  }

  /** Adds a memory, with its sizes in pages, and returns its index. No other may be imported after it. */
  memory(min: number, max: number): number {
    this.#defined = [...this.#defined, { min, max }]
    this.#limitsChanged = true
    return this.#memories++
  }

  /** Writes a section that the module has, and that nothing is added to, anew. */
  replaceSection(id: number, body: (out: Writer) => void): void {
    this.#replaced.set(id, body)
  }

  /** Takes the start function away: whoever instantiates the module calls it. */
  dropStart(): void {
    this.#start = undefined
  }

  /** Goes over the guest's own functions, not over those that were added. */
  pass(pass: Pass): void {
    this.#passes.push(pass)
  }

  emit(): Uint8Array<ArrayBuffer> {
    const out = new Writer().raw(this.module.bytes.subarray(0, 8))
    const known = new Set(this.module.sections.map(({ id }) => id))
    if (this.#limitsChanged && !known.has(section.memory) && this.#defined.length > 0)
      this.#added.set(section.memory, [])
    const position = (id: number): number => sectionOrder.indexOf(id)
    const missing = [...this.#added.keys()].filter((id) => !known.has(id)).toSorted((a, b) => position(a) - position(b))
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
    const anew = this.#replaced.get(id)
    if (anew !== undefined) out.u8(id).sized(anew)
    else if (id === section.memory && this.#limitsChanged) this.#emitMemories(out)
    else if (id === section.code && this.#passes.length > 0) this.#emitCode(out, added)
    else if (added.length === 0 && have !== undefined) out.raw(this.module.bytes.subarray(have.start, have.end))
    else {
      const old = new Reader(this.module.bytes, have?.body ?? 0, have?.end ?? 0)
      const count = have === undefined ? 0 : old.u32()
      out.u8(id).sized((body) => {
        body.u32(count + added.length).raw(this.module.bytes.subarray(old.offset, old.end))
        for (const writer of added) body.raw(writer.bytes())
      })
    }
  }

  #emitMemories(out: Writer): void {
    if (this.#defined.length === 0) return
    out.u8(section.memory).sized((body) => {
      body.u32(this.#defined.length)
      for (const { min, max } of this.#defined) {
        body.u8(max === undefined ? 0 : 1).u32(min)
        if (max !== undefined) body.u32(max)
      }
    })
  }

  #emitCode(out: Writer, added: readonly Writer[]): void {
    const { bodies, bytes, functions } = this.module
    const imported = functions.length - bodies.length
    out.u8(section.code).sized((body) => {
      body.u32(bodies.length + added.length)
      for (const [position, { start, end }] of bodies.entries()) {
        const type = functions[imported + position] ?? { params: [], results: [] }
        rewriteBody(new Reader(bytes, start, end), imported + position, type, this.#passes, body)
      }
      for (const writer of added) body.raw(writer.bytes())
    })
  }

  #type(type: FunctionType): number {
    const wanted = signature(type)
    const index = this.#types.indexOf(wanted)
    if (index >= 0) return index
    const entry = this.#add(section.type).u8(0x60)
    for (const values of [type.params, type.results]) entry.u32(values.length).u8(...values.map(typeCode))
    return this.#types.push(wanted) - 1
  }

  #add(id: number): Writer {
    const entry = new Writer()
    const added = this.#added.get(id)
    if (added === undefined) this.#added.set(id, [entry])
    else added.push(entry)
    return entry
  }
}
