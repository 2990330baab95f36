import type { Definition } from '../definition.ts'
import { camelCase, kebabCase, pascalCase } from '../names.ts'
import type { Type } from '../types.ts'

/** Words that AssemblyScript does not take as the name of a member. */
const keywords: ReadonlySet<string> = new Set(
  `async await break case catch class const constructor continue debugger default do else enum export extends false finally
   for function if implements import in instanceof interface let new of override package private protected public readonly
   return static super switch this throw true try typeof var while with yield`.split(/\s+/),
)

/** What the code of bindings calls by name. A contract's own name that hid it is written with an underscore behind it. */
const used: ReadonlySet<string> = new Set(
  `load store changetype reinterpret bool i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 usize string Array Int8Array Uint8Array Int16Array
   Uint16Array Int32Array Uint32Array Int64Array Uint64Array Float32Array Float64Array Some Result Nothing`.split(
    /\s+/,
  ),
)

/** The class of a type with a name: `user-id` is `UserId`. */
export function className({ name }: { readonly name: string }): string {
  return free(pascalCase(name))
}

/** The enumeration of a variant's cases: `shape` has `ShapeCase`, unless another type is called that. */
export function casesName({ name }: { readonly name: string }, { types }: Pick<Definition, 'types'>): string {
  let cases = `${pascalCase(name)}Case`
  while (types.some((type) => className(type) === cases)) cases += '_'
  return cases
}

/** A case, or a method that is called after one. */
export function caseName(tag: string): string {
  // A variant has its own `tag`.
  return tag === 'tag' ? 'tag_' : free(camelCase(tag))
}

/** A field, which hides nothing. */
export function fieldName(name: string): string {
  return keywords.has(name) ? `${name}_` : name
}

/** A function or a parameter. */
export function memberName(name: string): string {
  return free(name)
}

function free(name: string): string {
  return keywords.has(name) || used.has(name) || /^Tuple\d+$/.test(name) ? `${name}_` : name
}

/** A type as part of a function's name: `option_User`. What has a name of its own begins with a capital letter. */
export function typeName(type: Type | null): string {
  if (type === null) return 'none'
  switch (type.kind) {
    case 'list':
      return `list_${typeName(type.element)}`
    case 'option':
      return `option_${typeName(type.some)}`
    case 'result':
      return `result_${typeName(type.ok)}_${typeName(type.err)}`
    case 'tuple':
      return `tuple${type.items.length}_${type.items.map(typeName).join('_')}`
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return pascalCase(type.name)
    default:
      return type.kind
  }
}

/** The module that guests import the types of a contract from, without its extension. */
export function moduleName(contract: string): string {
  return `${kebabCase(contract)}-bindings`
}
