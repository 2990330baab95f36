import type { NumberKind, Type } from '../types.ts'
import { arrays, isChar, isObject } from './fit.ts'
import { casesOf, isNumber, isTagged } from './layout.ts'

/**
 * Says what keeps a value from being one of a type, the first of it: `id.type: 'x' is no u32, which is …`; undefined for nothing.
 *
 * @param path - where the value stands
 */
export function misfit(type: Type, value: unknown, path: string): string | undefined {
  switch (type.kind) {
    case 'list':
      return isNumber(type.element)
        ? wrong(value instanceof arrays[type.element.kind], value, path, a(arrays[type.element.kind].name))
        : (wrong(Array.isArray(value), value, path, 'an array') ??
            first(entries(value), ([index, element]) => misfit(type.element, element, `${path}[${index}]`)))
    case 'tuple':
      return (
        wrong(
          Array.isArray(value) && value.length === type.items.length,
          value,
          path,
          `an array of ${type.items.length}`,
        ) ??
        first(type.items.entries(), ([index, item]) => misfit(item, part(value, String(index)), `${path}[${index}]`))
      )
    case 'record':
      return (
        wrong(isObject(value), value, path, `an object, '${type.name}'`) ??
        first(Object.entries(type.fields), ([name, field]) => misfit(field, part(value, name), `${path}.${name}`))
      )
    case 'flags':
      return (
        wrong(isObject(value), value, path, `an object of booleans, '${type.name}'`) ??
        first(type.flags, (name) => misfit({ kind: 'bool' }, part(value, name), `${path}.${name}`))
      )
    case 'enum':
      return wrong(
        type.cases.some((one) => one === value),
        value,
        path,
        `one of ${quoted(type.cases)}`,
      )
    case 'option':
      if (!isTagged(type)) return value === undefined ? undefined : misfit(type.some, value, path)
      return tagged(type, value, path)
    case 'variant':
    case 'result':
      return tagged(type, value, path)
    default:
      return wrong(scalars[type.kind].fits(value), value, path, scalars[type.kind].says)
  }
}

/** A value as a sentence shows it, and never much of it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  return isObject(value) ? a(Object.prototype.toString.call(value).slice(8, -1)) : String(value)
}

interface Scalar {
  readonly says: string
  fits(value: unknown): boolean
}

const whole = (least: number, most: number): Scalar => ({
  says: `a whole number from ${least} to ${most}`,
  fits: (value) => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
})
const long = (least: bigint, most: bigint): Scalar => ({
  says: `a bigint from ${least} to ${most}`,
  fits: (value) => typeof value === 'bigint' && value >= least && value <= most,
})
const float: Scalar = { says: 'a number', fits: (value) => typeof value === 'number' }

const scalars: { readonly [K in NumberKind | 'bool' | 'char' | 'string']: Scalar } = {
  bool: { says: 'true or false', fits: (value) => typeof value === 'boolean' },
  u8: whole(0, 255),
  s8: whole(-128, 127),
  u16: whole(0, 65_535),
  s16: whole(-32_768, 32_767),
  u32: whole(0, 2 ** 32 - 1),
  s32: whole(-(2 ** 31), 2 ** 31 - 1),
  u64: long(0n, 2n ** 64n - 1n),
  s64: long(-(2n ** 63n), 2n ** 63n - 1n),
  f32: float,
  f64: float,
  char: { says: 'a string of one character', fits: isChar },
  string: {
    says: 'a string without lone surrogates',
    fits: (value) => typeof value === 'string' && value.isWellFormed(),
  },
}

function tagged(
  type: Type & { readonly kind: 'variant' | 'option' | 'result' },
  value: unknown,
  path: string,
): string | undefined {
  const cases = casesOf(type)
  const tag = isObject(value) ? part(value, 'tag') : undefined
  const one = cases.find((candidate) => candidate.tag === tag)
  if (one === undefined) {
    const wanted = `one of ${quoted(cases.map((candidate) => candidate.tag))}`
    return isObject(value)
      ? wrong(false, tag, `${path}.tag`, wanted)
      : wrong(false, value, path, `an object whose tag is ${wanted}`)
  }
  return one.type === null ? undefined : misfit(one.type, part(value, 'val'), `${path}.val`)
}

function wrong(fits: boolean, value: unknown, path: string, wanted: string): string | undefined {
  return fits ? undefined : `'${path}' is ${shown(value)}, and must be ${wanted}`
}

function first<T>(parts: Iterable<T>, each: (part: T) => string | undefined): string | undefined {
  for (const one of parts) {
    const found = each(one)
    if (found !== undefined) return found
  }
  return undefined
}

const entries = (value: unknown): Iterable<[number, unknown]> => (Array.isArray(value) ? value.entries() : [])
const part = (value: unknown, key: string): unknown => (isObject(value) ? Reflect.get(value, key) : undefined)
const quoted = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ')
const a = (name: string): string => `${/^[AEIOU]/.test(name) && !name.startsWith('U') ? 'an' : 'a'} ${name}`
