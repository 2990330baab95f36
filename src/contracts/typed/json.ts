import { Buffer } from 'node:buffer'
import { arrays, isObject } from './abi/fit.ts'
import { casesOf, isNumber, isTagged } from './abi/layout.ts'
import { misfit } from './abi/misfit.ts'
import type { NumberKind, Type } from './types.ts'

/**
 * A value as JSON says it, and back. What does not fit comes back as it is or as something that does not fit either: whoever
 * reads looks at the result.
 */
export interface JsonCodec {
  readonly to: (value: unknown) => unknown
  readonly from: (json: unknown) => unknown
}

const same: JsonCodec = { to: (value) => value, from: (json) => json }

/** A bigint is its decimal digits as a string. */
const long: JsonCodec = {
  to: String,
  from: (json) => (typeof json === 'string' && /^-?\d{1,20}$/.test(json) ? BigInt(json) : undefined),
}

/** A number that JSON has no digits for is its name. */
const float: JsonCodec = {
  to: (value) =>
    Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value),
  from: (json) => (typeof json === 'string' && /^(?:NaN|-?Infinity|-0)$/.test(json) ? Number(json) : json),
}

/** Bytes are Base64. */
const base64: JsonCodec = {
  to: (value) =>
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') : value,
  from: (json) =>
    typeof json === 'string' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(json)
      ? new Uint8Array(Buffer.from(json, 'base64'))
      : undefined,
}

/** The JSON of a type: what `JSON` itself does not say is a string; none is null; names are those of the contract. */
export function jsonCodec(type: Type): JsonCodec {
  const codec = known.get(type) ?? make(type)
  known.set(type, codec)
  return codec
}

const known = new WeakMap<Type, JsonCodec>()

function make(type: Type): JsonCodec {
  switch (type.kind) {
    case 'u64':
    case 's64':
      return long
    case 'f32':
    case 'f64':
      return float
    case 'list':
      return listCodec(type.element)
    case 'tuple': {
      const items = type.items.map(jsonCodec)
      const each = (way: keyof JsonCodec) => (value: unknown) =>
        Array.isArray(value) ? value.map((item: unknown, index) => items[index]?.[way](item)) : value
      return { to: each('to'), from: each('from') }
    }
    case 'record': {
      const fields = Object.entries(type.fields).map(([name, field]) => [name, jsonCodec(field)] as const)
      const each = (way: keyof JsonCodec) => (value: unknown) =>
        isPlain(value)
          ? Object.fromEntries(fields.map(([name, codec]) => [name, codec[way](part(value, name))]))
          : value
      return { to: each('to'), from: each('from') }
    }
    case 'option': {
      if (isTagged(type)) return caseCodec(type)
      const some = jsonCodec(type.some)
      return {
        to: (value) => (value === undefined ? null : some.to(value)),
        from: (json) => (json === null || json === undefined ? undefined : some.from(json)),
      }
    }
    case 'variant':
    case 'result':
      return caseCodec(type)
    case 'flags': {
      const from = (json: unknown): unknown =>
        isPlain(json) ? Object.fromEntries(type.flags.map((name) => [name, part(json, name)])) : json
      return { to: from, from }
    }
    default:
      return same
  }
}

function listCodec(element: Type): JsonCodec {
  if (element.kind === 'u8') return base64
  const codec = jsonCodec(element)
  if (!isNumber(element)) {
    return {
      to: (value) => (Array.isArray(value) ? value.map(codec.to) : value),
      from: (json) => (Array.isArray(json) ? json.map(codec.from) : json),
    }
  }
  return {
    to: (value) => (isNumbers(value) ? Array.from(value, codec.to) : value),
    from: (json) => (Array.isArray(json) ? typedArray(element, json.map(codec.from)) : json),
  }
}

function caseCodec(type: Type & { readonly kind: 'variant' | 'option' | 'result' }): JsonCodec {
  const cases = new Map(casesOf(type).map(({ tag, type: held }) => [tag, held && jsonCodec(held)]))
  const each = (way: keyof JsonCodec) => (value: unknown) => {
    if (!isPlain(value)) return value
    const tag = part(value, 'tag')
    const codec = typeof tag === 'string' ? cases.get(tag) : undefined
    return codec === undefined || codec === null ? { tag } : { tag, val: codec[way](part(value, 'val')) }
  }
  return { to: each('to'), from: each('from') }
}

/** A typed array of numbers; where one of them does not fit, what they are. */
function typedArray(element: Type & { readonly kind: NumberKind }, values: readonly unknown[]): unknown {
  if (values.some((value) => misfit(element, value, '') !== undefined)) return values
  const array: object = new arrays[element.kind](values.length)
  for (const [index, value] of values.entries()) Reflect.set(array, index, value)
  return array
}

const isNumbers = (value: unknown): value is ArrayLike<unknown> =>
  ArrayBuffer.isView(value) && !(value instanceof DataView)
const isPlain = (value: unknown): value is object => isObject(value) && !Array.isArray(value)
const part = (value: object, key: string): unknown => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined)
