import type { Definition, FunctionType } from '../definition.ts'
import { witType } from '../describe.ts'
import { kebabCase } from '../names.ts'
import type { Members, NamedType, Type } from '../types.ts'
import { madeBy } from './made-by.ts'

/** Words that WIT has a meaning for: as a name they are written `%list`. */
const keywords: ReadonlySet<string> = new Set(
  `as async bool borrow char constructor enum error-context export f32 f64 flags from func future import include interface list
   map option own package record resource result s16 s32 s64 s8 static stream string tuple type u16 u32 u64 u8 use variant
   with world`.split(/\s+/),
)

/** The package of every world that is written here. */
export const witPackage = (name: string): string => `mortise:${kebabCase(name)}`

/**
 * A contract as a WIT world, for the generators of other languages: a guest imports the host functions and exports the hooks,
 * and for each value a function without parameters. Wit.md of the component model says how it is written.
 */
export function wit({ name, types, hooks, hostFunctions, values }: Definition): string {
  const items = [
    ...types.map(definitionOf),
    ...Object.entries(hostFunctions).map(([key, type]) => `import ${spelled(key)}: ${functionOf(type)};\n`),
    ...Object.entries(hooks).map(([key, type]) => `export ${spelled(key)}: ${functionOf(type)};\n`),
    ...Object.entries(values).map(([key, type]) => `export ${spelled(key)}: func() -> ${use(type)};\n`),
  ]
  const body = items.join('\n').replaceAll(/^(?=.)/gm, '  ')
  const [namespace, label = ''] = witPackage(name).split(':')
  return `${madeBy('wit', '//')}package ${namespace}:${escaped(label)};\n\nworld ${spelled(name)} {\n${body}}\n`
}

function definitionOf(type: NamedType): string {
  const lines = linesOf(type).map((line) => `  ${line},\n`)
  return `${type.kind} ${spelled(type.name)} {\n${lines.join('')}}\n`
}

function linesOf(type: NamedType): readonly string[] {
  switch (type.kind) {
    case 'record':
      return members(type.fields)
    case 'variant':
      return Object.entries(type.cases).map(([tag, held]) =>
        held === null ? spelled(tag) : `${spelled(tag)}(${use(held)})`,
      )
    case 'enum':
      return type.cases.map(spelled)
    case 'flags':
      return type.flags.map(spelled)
  }
}

function functionOf({ params, result }: FunctionType): string {
  return `func(${members(params).join(', ')})${result === null ? '' : ` -> ${use(result)}`}`
}

const members = (types: Members): readonly string[] =>
  Object.entries(types).map(([name, type]) => `${spelled(name)}: ${use(type)}`)
const use = (type: Type): string => witType(type, ({ name }) => spelled(name))
const spelled = (name: string): string => escaped(kebabCase(name))
const escaped = (name: string): string => (keywords.has(name) ? `%${name}` : name)
