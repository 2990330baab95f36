import type { Definition } from '../definition.ts'
import type { Cases, NamedType, Type } from '../types.ts'
import { caseName, casesName, className, fieldName } from './names.ts'
import { initial, isReference, spell } from './types.ts'

/** The classes and enumerations of a contract's types. */
export function classes(definition: Definition, tuples: readonly number[]): string {
  return [...tuples.map(tupleClass), ...definition.types.map((type) => definitionOf(type, definition))].join('\n')
}

function definitionOf(type: NamedType, definition: Definition): string {
  const name = className(type)
  switch (type.kind) {
    case 'record':
      return classOf(
        name,
        Object.entries(type.fields).map(([key, field]): Field => [key, spell(field), initial(field)]),
      )
    case 'flags':
      return classOf(
        name,
        type.flags.map((flag): Field => [flag, 'bool', 'false']),
      )
    case 'enum':
      return enumeration(name, type.cases)
    case 'variant':
      return `${enumeration(casesName(type, definition), Object.keys(type.cases))}\n${variantClass(name, casesName(type, definition), type.cases)}`
  }
}

type Field = readonly [name: string, type: string, initial: string]

function classOf(name: string, fields: readonly Field[]): string {
  const lines = fields.map(([field, type, value]) => `    public ${fieldName(field)}: ${type} = ${value},\n`)
  return `export class ${name} {\n  constructor(\n${lines.join('')}  ) {}\n}\n`
}

function enumeration(name: string, cases: readonly string[]): string {
  return `export enum ${name} {\n${cases.map((one) => `  ${caseName(one)},\n`).join('')}}\n`
}

/** A variant holds the value of its case in a field of that case's own. */
function variantClass(name: string, tags: string, cases: Cases): string {
  const entries = Object.entries(cases)
  const fields = entries.flatMap(([tag, held]) =>
    held === null ? [] : [`  private ${field(tag)}: ${fieldType(held)} = ${fieldInitial(held)}\n`],
  )
  const makers = entries.map(([tag, held]) => maker(name, tags, tag, held))
  const readers = entries.flatMap(([tag, held]) => (held === null ? [] : [reader(name, tags, tag, held)]))
  return `export class ${name} {
${fields.join('')}  private constructor(readonly tag: ${tags}) {}

${[...makers, ...readers].join('\n')}}
`
}

function maker(name: string, tags: string, tag: string, held: Type | null): string {
  const made = `new ${name}(${tags}.${caseName(tag)})`
  if (held === null) return `  static ${caseName(tag)}(): ${name} {\n    return ${made}\n  }\n`
  return `  static ${caseName(tag)}(value: ${spell(held)}): ${name} {
    const made = ${made}
    made.${field(tag)} = value
    return made
  }
`
}

function reader(name: string, tags: string, tag: string, held: Type): string {
  return `  /** What a '${tag}' holds; of another case it has none, and the call ends. */
  get ${caseName(tag)}(): ${spell(held)} {
    if (this.tag != ${tags}.${caseName(tag)}) throw new Error("this ${name} is no '${tag}'")
    return ${read(tag, held)}
  }
`
}

/** A field that holds nothing yet is null, whatever the class says of its case. */
const isHollow = (held: Type): boolean => isReference(held) && held.kind !== 'option'
const fieldType = (held: Type): string => (isHollow(held) ? `${spell(held)} | null` : spell(held))
const fieldInitial = (held: Type): string => (isHollow(held) ? 'null' : initial(held))
const read = (tag: string, held: Type): string =>
  isHollow(held) ? `changetype<${spell(held)}>(this.${field(tag)})` : `this.${field(tag)}`
const field = (tag: string): string => `_${caseName(tag)}`

function tupleClass(count: number): string {
  const places = Array.from({ length: count }, (_, place) => place)
  const fields = places.map((place) => `    public item${place}: T${place},\n`)
  return `export class Tuple${count}<${places.map((place) => `T${place}`).join(', ')}> {\n  constructor(\n${fields.join('')}  ) {}\n}\n`
}
