import { Reader } from './reader.ts'
import {
  type FunctionType,
  type GlobalType,
  globalType,
  signature,
  type SizeLimits,
  sizeLimits,
  type TableType,
  tableType,
  typeEntry,
} from './types.ts'
import { instruction, next } from './instructions.ts'

/** A stretch of the module's bytes. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Section extends Range {
  readonly id: number
  /** Of a custom section only. */
  readonly name: string
  /** Where the contents start: after the size, and after a custom section's name. */
  readonly body: number
}

/** What an import or an export is, with the type that the module gives it. */
export type Extern =
  | { readonly kind: 'func'; readonly index: number; readonly type: FunctionType }
  | { readonly kind: 'table'; readonly index: number; readonly type: TableType }
  | { readonly kind: 'memory'; readonly index: number; readonly type: SizeLimits }
  | { readonly kind: 'global'; readonly index: number; readonly type: GlobalType }
  | { readonly kind: 'tag'; readonly index: number; readonly type: FunctionType }

export type ModuleImport = Extern & { readonly module: string; readonly name: string }
export type ModuleExport = Extern & { readonly name: string }

/** A module as its binary says it. Index spaces hold the imported ones first, as in WebAssembly. */
export interface ModuleInfo {
  readonly bytes: Uint8Array
  readonly sections: readonly Section[]
  readonly types: readonly FunctionType[]
  readonly functions: readonly FunctionType[]
  readonly tables: readonly TableType[]
  readonly memories: readonly SizeLimits[]
  readonly globals: readonly GlobalType[]
  readonly tags: readonly FunctionType[]
  readonly imports: readonly ModuleImport[]
  readonly exports: readonly ModuleExport[]
  readonly start: number | undefined
  /** The functions that the module defines itself, in order: where their code lies, locals first. */
  readonly bodies: readonly Range[]
}

/** Sections in the order in which they must appear, by their id; custom sections (0) may be anywhere. */
export const sectionOrder: readonly number[] = [0, 1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

/** How an extern's type is written in checks, errors and `inspect`. */
export function externType(extern: Extern): string {
  switch (extern.kind) {
    case 'func':
    case 'tag':
      return `${extern.kind} ${signature(extern.type)}`
    case 'global':
      return `global ${extern.type.mutable ? `(mut ${extern.type.value})` : extern.type.value}`
    case 'memory':
      return 'memory'
    case 'table':
      return `table ${extern.type.element}`
  }
}

/** Whether the bytes begin as a core WebAssembly module of version 1. */
function isModule(bytes: Uint8Array): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}

const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** Reads everything of a module but its instructions. Fails with `MODULE_INVALID` or `MODULE_UNSUPPORTED`. */
export function readModule(bytes: Uint8Array): ModuleInfo {
  const reader = new Reader(bytes)
  if (!isModule(bytes)) reader.fail('it does not begin as a WebAssembly module of version 1')
  reader.skip(magic.length)
  const module = new Parts(bytes)
  let last = 0
  while (!reader.done) {
    const start = reader.offset
    const id = reader.u8()
    const part = reader.part(reader.u32())
    const name = id === 0 ? part.name() : ''
    module.sections.push({ id, name, start, body: part.offset, end: part.end })
    if (id === 0) continue
    const position = sectionOrder.indexOf(id)
    if (position < 0) reader.fail(`there is no section ${id}`, start)
    if (position <= last) reader.fail(`section ${id} is out of order`, start)
    last = position
    module.section(id, part)
  }
  if (module.bodies.length !== module.defined)
    reader.fail(`${module.defined} functions are declared and ${module.bodies.length} have code`)
  return module
}

/** Where the code of each function lies that a module defines itself, without a look at anything else in it. */
export function readBodies(bytes: Uint8Array): readonly Range[] {
  const reader = new Reader(bytes, magic.length)
  while (!reader.done) {
    const id = reader.u8()
    const part = reader.part(reader.u32())
    if (id === 10) return part.vector(() => body(part))
  }
  return []
}

class Parts implements ModuleInfo {
  readonly bytes: Uint8Array
  readonly sections: Section[] = []
  readonly types: FunctionType[] = []
  readonly functions: FunctionType[] = []
  readonly tables: TableType[] = []
  readonly memories: SizeLimits[] = []
  readonly globals: GlobalType[] = []
  readonly tags: FunctionType[] = []
  readonly imports: ModuleImport[] = []
  readonly exports: ModuleExport[] = []
  start: number | undefined
  readonly bodies: Range[] = []
  defined = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  section(id: number, part: Reader): void {
    if (id === 1) part.vector(() => typeEntry(part, this.types))
    else if (id === 2)
      part.vector(() => this.imports.push({ module: part.name(), name: part.name(), ...this.#imported(part) }))
    else if (id === 3) this.defined = part.vector(() => this.functions.push(this.#type(part))).length
    else if (id === 4) part.vector(() => this.#table(part))
    else if (id === 5) part.vector(() => this.memories.push(sizeLimits(part, 'memory')))
    else if (id === 6) part.vector(() => this.#global(part))
    else if (id === 7) part.vector(() => this.exports.push({ name: part.name(), ...this.#exported(part) }))
    else if (id === 8) this.start = part.u32()
    else if (id === 10) part.vector(() => this.bodies.push(body(part)))
    else if (id === 13) part.vector(() => this.#tag(part))
    else return
    if (!part.done) part.fail(`section ${id} is longer than what it holds`)
  }

  #type(part: Reader): FunctionType {
    const offset = part.offset
    return this.types[part.u32()] ?? part.fail('a type is not defined', offset)
  }

  #tag(part: Reader): void {
    part.skip(1)
    this.tags.push(this.#type(part))
  }

  #table(part: Reader): void {
    const withInitial = part.bytes[part.offset] === 0x40
    if (withInitial) part.skip(2)
    this.tables.push(tableType(part))
    if (withInitial) constant(part)
  }

  #global(part: Reader): void {
    this.globals.push(globalType(part))
    constant(part)
  }

  #imported(part: Reader): Extern {
    const kind = part.u8()
    if (kind === 0) return { kind: 'func', index: this.functions.length, type: push(this.functions, this.#type(part)) }
    if (kind === 1) return { kind: 'table', index: this.tables.length, type: push(this.tables, tableType(part)) }
    if (kind === 2)
      return { kind: 'memory', index: this.memories.length, type: push(this.memories, sizeLimits(part, 'memory')) }
    if (kind === 3) return { kind: 'global', index: this.globals.length, type: push(this.globals, globalType(part)) }
    if (kind === 4 && part.u8() === 0)
      return { kind: 'tag', index: this.tags.length, type: push(this.tags, this.#type(part)) }
    return part.fail(`there is no import of kind ${kind}`, part.offset - 1)
  }

  #exported(part: Reader): Extern {
    const offset = part.offset
    const kind = part.u8()
    const index = part.u32()
    const missing = (): never => part.fail(`an export names kind ${kind} index ${index}, which is not defined`, offset)
    if (kind === 0) return { kind: 'func', index, type: this.functions[index] ?? missing() }
    if (kind === 1) return { kind: 'table', index, type: this.tables[index] ?? missing() }
    if (kind === 2) return { kind: 'memory', index, type: this.memories[index] ?? missing() }
    if (kind === 3) return { kind: 'global', index, type: this.globals[index] ?? missing() }
    if (kind === 4) return { kind: 'tag', index, type: this.tags[index] ?? missing() }
    return missing()
  }
}

function push<T>(list: T[], item: T): T {
  list.push(item)
  return item
}

function body(part: Reader): Range {
  const start = part.skip(part.u32())
  return { start, end: part.offset }
}

/** Moves past a constant expression. */
export function constant(part: Reader): void {
  const at = instruction()
  do next(part, at)
  while (at.opcode !== 0x0b)
}
