import type { Definition, FunctionType } from '../definition.ts'
import { describe } from '../describe.ts'
import { kebabCase } from '../names.ts'
import type { Members, Type } from '../types.ts'
import { discriminantSize, flagsSize } from '../abi/layout.ts'
import { madeBy } from './made-by.ts'

/** Names that C or C++ has a meaning for, besides those that no member of a contract may have. */
const keywords: ReadonlySet<string> = new Set(
  `alignas alignof and and_eq asm auto bitand bitor bool char char16_t char32_t char8_t compl concept consteval constexpr
   constinit const_cast decltype double dynamic_cast explicit extern float friend goto inline int long mutable namespace noexcept
   not not_eq nullptr operator or or_eq register reinterpret_cast requires restrict short signed sizeof static_assert static_cast
   struct template thread_local typedef typeid typename union unsigned using virtual volatile wchar_t xor xor_eq`.split(
    /\s+/,
  ),
)

const scalars: Readonly<Record<string, string>> = {
  bool: 'bool',
  u8: 'uint8_t',
  s8: 'int8_t',
  u16: 'uint16_t',
  s16: 'int16_t',
  u32: 'uint32_t',
  s32: 'int32_t',
  u64: 'uint64_t',
  s64: 'int64_t',
  f32: 'float',
  f64: 'double',
  char: 'uint32_t',
  string: 'mortise_list',
  list: 'mortise_list',
}

/** A contract as a C header for native libraries: structs that lie in the arena as the host expects them. */
export function c(definition: Definition): string {
  const { name, hooks, hostFunctions, values } = definition
  const types = new Types(snake(name))
  for (const type of definition.types) types.use(type)
  const own = [
    ...Object.entries(hooks).map(([hook, type]) => types.call('hook', hook, type)),
    ...Object.entries(values).map(([value, result]) => types.call('value', value, { params: {}, result })),
    ...Object.entries(hostFunctions).map(([key, type]) => types.call('host function', key, type)),
  ]
  const guard = `${snake(name).toUpperCase()}_H`
  return `${madeBy('c', '//')}#ifndef ${guard}
#define ${guard}

#include <stdbool.h>
#include "mortise.h"

/* For MORTISE_PLUGIN: which contract the library was built for. */
#define ${snake(name).toUpperCase()}_CONTRACT ${JSON.stringify(describe(definition))}

${[...types.definitions, ...own].join('\n')}
#endif
`
}

/** The types of a header, each after those that it is made of. */
class Types {
  readonly #prefix: string
  readonly #written = new Map<string, string>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  get definitions(): Iterable<string> {
    return this.#written.values()
  }

  /** How C writes a type. */
  use(type: Type): string {
    // What a list is made of lies elsewhere, and needs its struct all the same.
    if (type.kind === 'list') this.use(type.element)
    const scalar = scalars[type.kind]
    if (scalar !== undefined) return scalar
    const name = `${this.#prefix}_${nameOf(type)}`
    if (!this.#written.has(name)) this.#written.set(name, this.#define(name, type))
    return name
  }

  /** What a function takes, as a struct, and what it returns. */
  call(what: string, name: string, { params, result }: FunctionType): string {
    const symbol = snake(name)
    const returns = result === null ? 'nothing' : `${note(result)}, a ${this.use(result)}`
    const macro = what === 'host function' ? `MORTISE_HOST(${symbol})` : `MORTISE_HOOK(${symbol})`
    const says = `/* ${macro}: the ${what} '${kebabCase(name)}' returns ${returns}. */\n`
    if (Object.keys(params).length === 0) return says
    return `${says}${struct(`${this.#prefix}_${symbol}__params`, this.#fields(params))}`
  }

  #define(name: string, type: Type): string {
    switch (type.kind) {
      case 'record':
        return struct(name, this.#fields(type.fields))
      case 'tuple':
        return struct(name, type.items.map((item, place) => this.#field(`item${place}`, item)).join(''))
      case 'flags':
        return this.#constants(name, type.flags, flagsSize(type.flags.length), (bit) => `0x${(2 ** bit).toString(16)}u`)
      case 'enum':
        return this.#constants(name, type.cases, discriminantSize(type.cases.length), String)
      case 'option':
        return struct(name, `  bool is_some;\n${this.#field('some', type.some)}`)
      case 'result':
        return struct(
          name,
          `  bool is_error;\n${this.#union([
            ['ok', type.ok],
            ['error', type.err],
          ])}`,
        )
      case 'variant': {
        const cases = Object.entries(type.cases)
        const size = discriminantSize(cases.length)
        const numbers = this.#numbers(name, Object.keys(type.cases), String)
        return `${numbers}${struct(name, `  ${unsigned(size)} tag;\n${this.#union(cases)}`)}`
      }
      default:
        throw new TypeError(`a type of the kind '${type.kind}' has no struct`)
    }
  }

  #fields(members: Members): string {
    return Object.entries(members)
      .map(([name, type]) => this.#field(member(name), type))
      .join('')
  }

  #field(name: string, type: Type): string {
    const comment = type.kind === 'list' || type.kind === 'char' ? ` /* ${note(type)} */` : ''
    return `  ${this.use(type)} ${name};${comment}\n`
  }

  /** The value of one of several cases, where any holds one. */
  #union(cases: readonly (readonly [string, Type | null])[]): string {
    const held = cases.flatMap(([tag, type]) => (type === null ? [] : [this.#field(member(tag), type)]))
    return held.length === 0 ? '' : `  union {\n${held.map((line) => `  ${line}`).join('')}  } as;\n`
  }

  #constants(name: string, names: readonly string[], size: 1 | 2 | 4, value: (index: number) => string): string {
    return `typedef ${unsigned(size)} ${name};\n${this.#numbers(name, names, value)}`
  }

  #numbers(name: string, names: readonly string[], value: (index: number) => string): string {
    return names
      .map((one, index) => `#define ${name.toUpperCase()}_${snake(one).toUpperCase()} ${value(index)}\n`)
      .join('')
  }
}

const struct = (name: string, fields: string): string => `typedef struct {\n${fields}} ${name};\n`
const unsigned = (size: 1 | 2 | 4): string => `uint${size * 8}_t`
const snake = (name: string): string => kebabCase(name).replaceAll('-', '_')

function member(name: string): string {
  const own = snake(name)
  return keywords.has(own) || reserved.has(own) ? `${own}_` : own
}

/** Cases may have names that members of a contract may not. */
const reserved: ReadonlySet<string> = new Set(
  'break case catch class const continue default delete do else enum export false for if new private protected public return static switch this throw true try void while'.split(
    ' ',
  ),
)

/** A type in words, for a comment. */
function note(type: Type): string {
  if (type.kind === 'char') return 'a code point'
  return type.kind === 'list'
    ? `a list of ${type.element.kind === 'list' ? 'lists' : nameOf(type.element)}`
    : nameOf(type)
}

/** A type as part of a name. What the contract names comes without an underscore before it, what is made of others with two. */
function nameOf(type: Type | null): string {
  if (type === null) return 'none'
  switch (type.kind) {
    case 'list':
      return `list__${nameOf(type.element)}`
    case 'option':
      return `option__${nameOf(type.some)}`
    case 'result':
      return `result__${nameOf(type.ok)}__${nameOf(type.err)}`
    case 'tuple':
      return `tuple${type.items.length}__${type.items.map(nameOf).join('__')}`
    default:
      return 'name' in type ? snake(type.name) : type.kind
  }
}
