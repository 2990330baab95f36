import { leb } from '../../support/wat.ts'
import type { Findings } from './findings.ts'
import { judge } from './judge.ts'
import { moduleWith, plainSection, type Section, templateCount } from './module.ts'

type Bytes = readonly number[]

const bytes = Array.from({ length: 256 }, (_, byte) => byte)
const few = [0, 1, 2, 3]
const name = (text: string): Bytes => [text.length, ...Buffer.from(text)]

/** Every way to write a type: one byte, a reference, one that is shared or exact, and each at length. */
const types: readonly Bytes[] = bytes.flatMap((byte) => [
  [byte],
  [byte, 0x7f],
  ...[0x63, 0x64, 0x65].flatMap((prefix) => [
    [prefix, byte],
    [prefix, byte, 0x7f],
    [prefix, 0x65, byte],
    [prefix, 0x62, byte],
  ]),
])

/** A section of the template with one entry more. */
function more(id: number, ...entry: Bytes): Section {
  const [count = 0, ...rest] = plainSection(id)
  return [id, count + 1, ...rest, ...entry]
}

const imported = (kind: number, ...type: Bytes): Section => more(2, ...name('env'), ...name('x'), kind, ...type)

/** A section that begins the same with each of several ends. */
const ending = (begin: Section, ends: readonly Bytes[]): readonly Section[] =>
  ends.map((end) => [begin[0], ...begin.slice(1).concat(end)])

/** Where types stand. */
const typed: Readonly<Record<string, (type: Bytes) => Section>> = {
  parameter: (type) => more(1, 0x60, 1, ...type, 0),
  result: (type) => more(1, 0x60, 0, 1, ...type),
  local: (type) => [10, 3, 4 + type.length, 1, 1, ...type, 0, 0x0b, 2, 0, 0x0b, 4, 0, 0x20, 0, 0x0b],
  'immutable global': (type) => imported(3, ...type, 0),
  'mutable global': (type) => imported(3, ...type, 1),
  'imported table': (type) => imported(1, ...type, 0, 1),
  table: (type) => more(4, ...type, 0, 1),
  'element segment': (type) => more(9, 5, ...type, 0),
}

/** The sizes, kinds, flags and attributes of what a module is made of, by where they stand; each with some that may follow. */
const flagged: Readonly<Record<string, (flag: number) => readonly Section[]>> = {
  section: (id) =>
    [[0], [0, 0], [1], [1, 0], [1, 0, 0]].flatMap((body) =>
      id > 0 && plainSection(id).length === 0 ? [[id, ...body]] : [],
    ),
  type: (form) =>
    [
      [0, 0],
      [1, 0x7f, 0],
      [0],
      [0x7f, 0],
      [1, 0x7f, 0, 0],
      [1, 0x60, 0, 0],
      [0, 0x60, 0, 0],
      [0, 0x5f, 0],
      [1, 0x5f, 0],
      [0x60, 0, 0],
    ].map((rest) => more(1, form, ...rest)),
  memory: (flags) => limits.map((rest) => [5, 1, flags, ...rest]),
  'memory beside another': (flags) => limits.map((rest) => more(5, flags, ...rest)),
  'imported memory': (flags) => limits.map((rest) => imported(2, flags, ...rest)),
  table: (flags) => limits.map((rest) => more(4, 0x70, flags, ...rest)),
  'imported table': (flags) => limits.map((rest) => imported(1, 0x70, flags, ...rest)),
  import: (kind) =>
    [[0], [0, 0], [1], [0x7f, 0], [0x70, 0, 0], [0, 1], [0, 0, 0], [0, 1, 2]].map((type) => imported(kind, ...type)),
  export: (kind) => few.map((index) => more(7, ...name('x'), kind, index)),
  tag: (attribute) => few.map((type) => more(13, attribute, type)),
  mutability: (flag) => [more(6, 0x7f, flag, 0x41, 0, 0x0b)],
  'element segment': (flags) =>
    [
      [0x41, 0, 0x0b, 0],
      [0x41, 0, 0x0b, 1, 2],
      [0, 0],
      [0x70, 0],
      [0, 0x41, 0, 0x0b, 0, 0],
      [0, 0x41, 0, 0x0b, 0x70, 0],
      [0x41, 0, 0x0b, 1, 0xd2, 2, 0x0b],
      [0x70, 1, 0xd0, 0x70, 0x0b],
      [0, 1, 2],
    ].map((rest) => more(9, flags, ...rest)),
  'data segment': (flags) =>
    ending(
      [11, 2, 1, 0, flags],
      [[0], [1, 0], [0x41, 0, 0x0b, 0], [0, 0x41, 0, 0x0b, 0], [1, 0x41, 0, 0x0b, 0], [0, 0x41, 0, 0x0b, 1, 7]],
    ),
  'subsection of names': (id) =>
    ending([0, ...name('name'), id], [[0], [1, 0], [1, 1], [2, 1, 0], [3, 1, 0, 0], [4, 1, 0, 1, 0x61]]),
}

const limits: readonly Bytes[] = [[1], [1, 2], [0], [0, 0], [1, 1, 0], [1, 2, 16], [1, 16], [1, 0], [1, 2, 0]]

/** Custom sections that V8 reads, or may one day. */
const custom = [
  'metadata.code.branch_hint',
  'metadata.code.trace_inst',
  'metadata.code.compilation_priority',
  'metadata.code.instr_freq',
  'metadata.code.call_targets',
  'compilationHints',
  'sourceMappingURL',
  'external_debug_info',
  'build_id',
  'descriptors',
  'name',
  'dylink.0',
]

/** What stands before an instruction of a constant expression, so that it finds its operands. */
const operands: readonly Bytes[] = [
  [],
  [0x41, 0],
  [0x42, 0],
  [0x41, 0, 0x41, 0],
  [0x42, 0, 0x42, 0],
  [0xd0, 0x70],
  [0xd0, 0x6f],
  [0xd0, 0x6e],
  [0x41, 0, 0xfb, 0x1c],
]

const immediates: readonly Bytes[] = [
  [],
  ...[0, 1, 2, 3, 4, 5, 0x70, 0x6f, 0x6e, 0x6c, 0x69, 0x71].map((byte) => [byte]),
  [4, 0],
  [5, 0],
  [5, 1],
  ...[4, 8, 16].map((length) => Array.from({ length }, () => 0)),
]

/** Where constant expressions stand, with the types that they may have there. */
const constants: readonly ((expression: Bytes) => Section)[] = [
  ...[0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x6e, 0x69].map(
    (type) => (expression: Bytes) => more(6, type, 0, ...expression),
  ),
  (expression) => more(4, 0x40, 0, 0x70, 0, 1, ...expression),
  (expression) => [11, 2, 1, 0, 0, ...expression, 0],
  (expression) => more(9, 0, ...expression, 0),
  (expression) => more(9, 5, 0x70, 1, ...expression),
  (expression) => more(9, 5, 0x6e, 1, ...expression),
]

/** Walks everything of a module but its code: whatever V8 takes is read and rewritten, or refused by name. */
export function walkForms(found: Findings): void {
  let turn = 0
  const look = (section: Section, templates = templateCount): void => {
    for (let template = 0; template < templates; template++) {
      // A type section of its own would take the place of the template's.
      if (template > 0 && section[0] === 1) return
      const made = moduleWith(section[0] === 11 ? [section, [12, 2]] : [section], template)
      if (WebAssembly.validate(made)) found.shape(judge(made, turn++))
    }
  }
  for (const [where, section] of Object.entries(typed)) {
    found.begin(`types of a ${where}`)
    for (const type of types) look(section(type))
  }
  for (const [where, sections] of Object.entries(flagged)) {
    found.begin(where)
    for (const flag of bytes)
      for (const section of sections(flag)) look(section, where === 'import' ? templateCount : 1)
  }
  found.begin('custom section')
  for (const text of custom)
    for (const rest of [[], [0], [1, 0], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0], [0xff]])
      look([0, ...name(text), ...rest], 1)
  found.begin('constant expression')
  for (const opcode of constantOpcodes()) {
    for (const before of operands)
      for (const after of immediates) for (const place of constants) look(place([...before, ...opcode, ...after, 0x0b]))
  }
}

/** The opcodes that V8 does not keep out of constant expressions by its own words. */
function constantOpcodes(): readonly Bytes[] {
  const prefixed = [0xfb, 0xfc, 0xfd, 0xfe].flatMap((prefix) =>
    Array.from({ length: 0x200 }, (_, number) => [prefix].concat(leb(number))),
  )
  return [...bytes.filter((byte) => byte < 0xfb || byte > 0xfe).map((byte) => [byte]), ...prefixed].filter((opcode) => {
    try {
      new WebAssembly.Module(moduleWith([more(6, 0x7f, 0, ...opcode, 0x0b)]))
      return true
    } catch (error) {
      return !/constant expression|invalid (opcode|\w+ opcode)/i.test(String(error))
    }
  })
}
