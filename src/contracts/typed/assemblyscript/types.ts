import type { NumberKind, Type } from '../types.ts'
import { caseName, className } from './names.ts'

const scalars = {
  bool: 'bool',
  u8: 'u8',
  s8: 'i8',
  u16: 'u16',
  s16: 'i16',
  u32: 'u32',
  s32: 'i32',
  u64: 'u64',
  s64: 'i64',
  f32: 'f32',
  f64: 'f64',
  char: 'i32',
  string: 'string',
} as const

const arrays: { readonly [K in NumberKind]: string } = {
  u8: 'Uint8Array',
  s8: 'Int8Array',
  u16: 'Uint16Array',
  s16: 'Int16Array',
  u32: 'Uint32Array',
  s32: 'Int32Array',
  u64: 'Uint64Array',
  s64: 'Int64Array',
  f32: 'Float32Array',
  f64: 'Float64Array',
}

/** How AssemblyScript writes a type. */
export function spell(type: Type | null): string {
  if (type === null) return 'Nothing'
  switch (type.kind) {
    case 'list':
      return arrayOf(type) ?? `Array<${spell(type.element)}>`
    case 'option':
      return `${isBoxed(type) ? `Some<${spell(type.some)}>` : spell(type.some)} | null`
    case 'result':
      return `Result<${spell(type.ok)}, ${spell(type.err)}>`
    case 'tuple':
      return `Tuple${type.items.length}<${type.items.map(spell).join(', ')}>`
    case 'record':
    case 'variant':
    case 'enum':
    case 'flags':
      return className(type)
    default:
      return scalars[type.kind]
  }
}

/** What a field of a type holds where nothing else is said. */
export function initial(type: Type | null): string {
  if (type === null) return 'false'
  switch (type.kind) {
    case 'bool':
      return 'false'
    case 'string':
      return "''"
    case 'list':
      return arrayOf(type) === undefined ? '[]' : `new ${spell(type)}(0)`
    case 'option':
      return 'null'
    case 'result':
      return `Result.ok<${spell(type.ok)}, ${spell(type.err)}>(${initial(type.ok)})`
    case 'tuple':
      return `new ${spell(type)}(${type.items.map(initial).join(', ')})`
    case 'record':
    case 'flags':
      return `new ${className(type)}()`
    case 'enum':
      return `${className(type)}.${caseName(type.cases[0] ?? '')}`
    case 'variant': {
      const [[tag, held] = ['', null]] = Object.entries(type.cases)
      return `${className(type)}.${caseName(tag)}(${held === null ? '' : initial(held)})`
    }
    default:
      return '0'
  }
}

/** Whether AssemblyScript has `null` beside the values of a type: numbers have none. */
export function isReference(type: Type): boolean {
  return type.kind === 'string' || !(type.kind in scalars || type.kind === 'enum')
}

/** Whether the value of an option lies in a `Some`: it is a number, or may be `null` itself. */
export function isBoxed({ some }: Type & { readonly kind: 'option' }): boolean {
  return !isReference(some) || some.kind === 'option'
}

/** The class of a list of numbers: lists of anything else are an `Array`. */
export function arrayOf({ element }: Type & { readonly kind: 'list' }): string | undefined {
  return isNumber(element.kind) ? arrays[element.kind] : undefined
}

const isNumber = (kind: string): kind is NumberKind => kind in arrays
