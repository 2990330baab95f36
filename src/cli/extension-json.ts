import { Buffer } from 'node:buffer'
import type { Json, JsonObject } from '../contracts/action/json.ts'
import { type FieldKind, type FieldValue, isList, isQName, type Row, RowReader } from '../contracts/extension/fields.ts'
import type { Intent } from '../contracts/extension/storage.ts'

/** A row of JSON as extensions read it: a text becomes whatever they ask for, if it can. */
export function rowOf(object: JsonObject): Row {
  return new RowReader((kind, name) => (Object.hasOwn(object, name) ? fieldOf(kind, object[name]) : undefined))
}

/** An intent as JSON. */
export function showIntent({ operation, key: { storage, entity, fields: key }, fields }: Intent): Json {
  return { operation, storage, ...(entity !== '' && { entity }), key: shown(key), value: shown(fields) }
}

/** Whether a field that a guest put into a key is what JSON says. */
export function isSame(value: FieldValue, json: Json | undefined): boolean {
  // A float32 has not all the digits of what was written.
  if (typeof value === 'number' && typeof json === 'number') return value === json || value === Math.fround(json)
  const field = showField(value)
  return typeof field === 'object' || typeof json === 'object'
    ? JSON.stringify(field) === JSON.stringify(json)
    : String(field) === String(json)
}

function fieldOf(kind: FieldKind | 'value', value: Json | undefined): FieldValue | undefined {
  if (typeof value === 'string') return textOf(kind, value)
  return value === undefined ? undefined : elementOf(value)
}

function textOf(kind: FieldKind | 'value', text: string): FieldValue | undefined {
  if (kind === 'int64') return /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined
  if (kind === 'bytes') return Uint8Array.from(Buffer.from(text, 'base64'))
  if (kind !== 'QName') return text
  const dot = text.lastIndexOf('.')
  return dot < 0 ? undefined : { pkg: text.slice(0, dot), entity: text.slice(dot + 1) }
}

/** What lists hold is given as it is, for they do not know what they are asked for. */
function elementOf(value: Json): FieldValue {
  if (typeof value !== 'object' || value === null) return value
  return isList(value) ? value.map(elementOf) : rowOf(value)
}

function shown(fields: ReadonlyMap<string, FieldValue>): JsonObject {
  return Object.fromEntries([...fields].map(([name, value]) => [name, showField(value)]))
}

function showField(value: FieldValue): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (isQName(value)) return `${value.pkg}.${value.entity}`
  if (isList(value)) return value.map(showField)
  return typeof value === 'object' ? null : value
}
