import { type FieldKind, type FieldValue, type Row, RowReader } from '../contracts/extension/fields.ts'

/** What JSON can say. Integers that a number does not hold exactly are bigints. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [name: string]: Json }

/** Parses JSON: integers stay exact, however large. */
export function parseJson(text: string): Json {
  // The standard's third parameter, which TypeScript's library does not have yet.
  const exact = (_name: string, value: Json, { source }: { readonly source?: string } = {}): Json =>
    typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
      ? BigInt(source)
      : value
  // oxlint-disable-next-line no-unsafe-type-assertion -- what JSON is, but for what the reviver makes of integers
  return JSON.parse(text, exact) as Json
}

/** JSON as guests read it: bytes are base64, a qualified name is `package.Entity`. */
export function jsonRow(json: readonly Json[] | { readonly [name: string]: Json }): Row {
  if (isList(json)) return json.map((item) => fieldOf(item))
  // A guest may ask for an object or a list as often as it likes.
  const inner = new Map<string, FieldValue>()
  return new RowReader((kind, name) => {
    const known = inner.get(name)
    if (known !== undefined || !Object.hasOwn(json, name)) return known
    const value = converted(json[name] ?? null, kind)
    if (kind === 'value' && typeof value === 'object') inner.set(name, value)
    return value
  })
}

/** Whether it is an object, and neither a list nor a scalar. */
export function isObject(json: Json | undefined): json is { readonly [name: string]: Json } {
  return typeof json === 'object' && json !== null && !isList(json)
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json)

function fieldOf(json: Json): FieldValue {
  return typeof json === 'object' && json !== null ? jsonRow(json) : json
}

function converted(json: Json, kind: FieldKind | 'value'): FieldValue | undefined {
  if (typeof json === 'string') {
    if (kind === 'bytes') return bytesOf(json)
    if (kind === 'QName') {
      const dot = json.lastIndexOf('.')
      return dot < 1 ? undefined : { pkg: json.slice(0, dot), entity: json.slice(dot + 1) }
    }
  }
  if (typeof json === 'bigint' && (kind === 'float32' || kind === 'float64')) return Number(json)
  return fieldOf(json)
}

function bytesOf(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined
}
