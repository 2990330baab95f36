import type { Definition, FunctionType } from './definition.ts'
import { kebabCase } from './names.ts'
import type { Members, NamedType, Type } from './types.ts'

/** A contract in words: names in kebab-case, types as WIT spells them. */
export interface Description {
  readonly contract: string
  readonly types: Readonly<Record<string, TypeDescription>>
  readonly hooks: Readonly<Record<string, FunctionDescription>>
  readonly 'host-functions': Readonly<Record<string, FunctionDescription>>
  readonly values: Readonly<Record<string, string>>
}

/** One type by its kind: fields or cases with their types, or just their names. */
export interface TypeDescription {
  readonly record?: Readonly<Record<string, string>>
  readonly variant?: Readonly<Record<string, string | null>>
  readonly enum?: readonly string[]
  readonly flags?: readonly string[]
}

export interface FunctionDescription {
  readonly params: Readonly<Record<string, string>>
  /** null where nothing is returned */
  readonly result: string | null
}

/**
 * The contract as a text that is the same for the same contract: JSON of a {@link Description}. Generators put it into the
 * guest, a module in its section `descriptionSection`, and a host says by it what differs when the guest was built for another version.
 */
export function describe(definition: Definition): string {
  return JSON.stringify(descriptionOf(definition))
}

function descriptionOf({ name, types, hooks, hostFunctions, values }: Definition): Description {
  return {
    contract: kebabCase(name),
    types: Object.fromEntries(types.map((type) => [kebabCase(type.name), describeNamed(type)])),
    hooks: spelled(hooks, describeFunction),
    'host-functions': spelled(hostFunctions, describeFunction),
    values: spelled(values, witType),
  }
}

/** A type's definition. Types inside it that have a name are mentioned by that. */
export function describeNamed(type: NamedType): TypeDescription {
  switch (type.kind) {
    case 'record':
      return { record: spelled(type.fields, witType) }
    case 'variant':
      return { variant: spelled(type.cases, (held) => held && witType(held)) }
    case 'enum':
      return { enum: type.cases.map(kebabCase) }
    case 'flags':
      return { flags: type.flags.map(kebabCase) }
  }
}

/**
 * How WIT writes the use of a type: `list<user>`, `result<_, string>`.
 *
 * @param named - spells the name of a type; a text in WIT has to escape its keywords
 */
export function witType(type: Type, named: (type: NamedType) => string = ({ name }) => kebabCase(name)): string {
  const spell = (inner: Type | null): string => (inner === null ? '_' : witType(inner, named))
  switch (type.kind) {
    case 'list':
      return `list<${spell(type.element)}>`
    case 'option':
      return `option<${spell(type.some)}>`
    case 'result':
      if (type.err !== null) return `result<${spell(type.ok)}, ${spell(type.err)}>`
      return type.ok === null ? 'result' : `result<${spell(type.ok)}>`
    case 'tuple':
      return `tuple<${type.items.map(spell).join(', ')}>`
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return named(type)
    default:
      return type.kind
  }
}

/** How WIT writes the type of a function: `func(id: user-id) -> option<user>`. */
export function witFunction({ params, result }: FunctionType): string {
  const given = Object.entries(params).map(([name, type]) => `${kebabCase(name)}: ${witType(type)}`)
  return `func(${given.join(', ')})${result === null ? '' : ` -> ${witType(result)}`}`
}

function describeFunction({ params, result }: FunctionType): FunctionDescription {
  return { params: describeMembers(params), result: result && witType(result) }
}

const describeMembers = (members: Members): Readonly<Record<string, string>> =>
  spelled(members, (type) => witType(type))

function spelled<T, D>(record: Readonly<Record<string, T>>, describeOne: (one: T) => D): Readonly<Record<string, D>> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [kebabCase(name), describeOne(one)]))
}
