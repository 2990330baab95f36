import { isTagged } from '../abi/layout.ts'
import type { Definition, FunctionType } from '../definition.ts'
import { pascalCase } from '../names.ts'
import type { Members, NamedType, NumberKind, Type } from '../types.ts'
import { madeBy } from './made-by.ts'

/** What the module has types for besides those of the contract, or uses by name: a contract's own type gets an underscore. */
const used: ReadonlySet<string> = new Set(
  `Hooks Values HostFunctions Context Readonly Record Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array
   BigUint64Array BigInt64Array Float32Array Float64Array`.split(/\s+/),
)

const arrays: { readonly [K in NumberKind]: string } = {
  u8: 'Uint8Array',
  s8: 'Int8Array',
  u16: 'Uint16Array',
  s16: 'Int16Array',
  u32: 'Uint32Array',
  s32: 'Int32Array',
  u64: 'BigUint64Array',
  s64: 'BigInt64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
}

/** A contract as types for guests that are ES modules. */
export function typeScript({ types, hooks, hostFunctions, values }: Definition): string {
  const parts = [
    ...types.map(definitionOf),
    described('What the host offers.', 'HostFunctions', functions(hostFunctions, '')),
    described('What a hook gets beside its parameters, if it has a parameter for it.', 'Context', context),
    described('What the module exports: functions.', 'Hooks', functions(hooks, 'context: Context')),
    described('What it says when it is loaded: constants, or functions without parameters.', 'Values', fields(values)),
  ]
  return `${madeBy('typescript', '//')}${parts.join('\n')}`
}

const context = [
  'readonly config: Readonly<Record<string, string>>',
  "readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>>",
  'readonly host: HostFunctions',
]

function definitionOf(type: NamedType): string {
  const name = className(type)
  switch (type.kind) {
    case 'record':
      return block(name, fields(type.fields))
    case 'flags':
      return block(
        name,
        type.flags.map((flag) => `readonly ${flag}: boolean`),
      )
    case 'enum':
      return `export type ${name} =\n${type.cases.map((one) => `  | ${quoted(one)}\n`).join('')}`
    case 'variant':
      return `export type ${name} =\n${Object.entries(type.cases)
        .map(([tag, held]) => `  | ${caseOf(tag, held)}\n`)
        .join('')}`
  }
}

function block(name: string, lines: readonly string[]): string {
  return lines.length === 0
    ? `export interface ${name} {}\n`
    : `export interface ${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

const described = (what: string, name: string, lines: readonly string[]): string =>
  `/** ${what} */\n${block(name, lines)}`

function functions(all: Readonly<Record<string, FunctionType>>, more: string): readonly string[] {
  return Object.entries(all).map(([name, { params, result }]) => {
    const given = Object.keys(params).length === 0 ? '' : `params: { ${fields(params).join('; ')} }`
    const list = [given, more].filter((one) => one !== '').join(', ')
    return `${name}(${list}): ${result === null ? 'void' : spell(result)}`
  })
}

function fields(members: Members): readonly string[] {
  return Object.entries(members).map(([name, type]) => {
    const optional = type.kind === 'option' && !isTagged(type)
    return `readonly ${name}${optional ? '?' : ''}: ${spell(type)}`
  })
}

function spell(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'boolean'
    case 'u64':
    case 's64':
      return 'bigint'
    case 'char':
    case 'string':
      return 'string'
    case 'list':
      return isNumber(type.element.kind) ? arrays[type.element.kind] : `readonly ${atom(type.element)}[]`
    case 'option':
      return isTagged(type)
        ? `${caseOf('some', type.some)} | ${caseOf('none', null)}`
        : `${spell(type.some)} | undefined`
    case 'result':
      return `${caseOf('ok', type.ok)} | ${caseOf('err', type.err)}`
    case 'tuple':
      return `readonly [${type.items.map(spell).join(', ')}]`
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return className(type)
    default:
      return 'number'
  }
}

const caseOf = (tag: string, held: Type | null): string =>
  held === null ? `{ readonly tag: ${quoted(tag)} }` : `{ readonly tag: ${quoted(tag)}; readonly val: ${spell(held)} }`

/** In parentheses where it has an operator. */
const atom = (type: Type): string => (/^\w+$/.test(spell(type)) ? spell(type) : `(${spell(type)})`)
const quoted = (text: string): string => `'${text}'`
const isNumber = (kind: string): kind is NumberKind => kind in arrays

function className({ name }: NamedType): string {
  const pascal = pascalCase(name)
  return used.has(pascal) ? `${pascal}_` : pascal
}
