import { GuestFault } from '../../fault.ts'

/** A qualified name. On the host's side its package is the local name, in the guest the full path. */
export interface QName {
  readonly pkg: string
  readonly entity: string
}

/** What a field holds. `null` reads as the zero of whatever is asked for. */
export type FieldValue = number | bigint | boolean | string | Uint8Array | QName | Row | null

/**
 * What a guest reads: fields by name, a list by index, or whatever {@link RowReader} computes. An int64 is a bigint, or a safe
 * integer.
 */
export type Row = { readonly [field: string]: FieldValue } | readonly FieldValue[] | RowReader

/** The type by which a guest reads or writes a field. */
export type FieldKind = 'int32' | 'int64' | 'float32' | 'float64' | 'bool' | 'string' | 'bytes' | 'QName'

/**
 * A field as a storage declares it. The guest writes a record's identifier as an int64. A `string[]` is a text that a key may have
 * several times: the storage gets the list of them.
 */
export type FieldType = FieldKind | 'RecordID' | 'string[]'

/** The fields of a key or of a value, by name. */
export type FieldTypes = Readonly<Record<string, FieldType>>

/** A row whose fields are computed when they are asked for, such as an answer that has one text under any name. */
export class RowReader {
  /** @param read - gives a field, or `undefined` where there is none of this kind and name */
  readonly read: (kind: FieldKind | 'value', name: string) => FieldValue | undefined

  constructor(read: (kind: FieldKind | 'value', name: string) => FieldValue | undefined) {
    this.read = read
  }
}

/** How a value is asked for: its kind, the zero that `null` reads as, and what it is made of, if it is one. */
export interface Reading<T> {
  readonly kind: FieldKind | 'value'
  readonly zero: T
  readonly cast: (value: FieldValue) => T | undefined
}

const int32 = (value: FieldValue): number | undefined =>
  typeof value === 'number' && (value | 0) === value ? value : undefined
const number = (value: FieldValue): number | undefined => (typeof value === 'number' ? value : undefined)
const minInt64 = -(2n ** 63n)

/** The types in which a guest can read a field. */
export const readings: {
  readonly int32: Reading<number>
  readonly int64: Reading<bigint>
  readonly float32: Reading<number>
  readonly float64: Reading<number>
  readonly bool: Reading<boolean>
  readonly string: Reading<string>
  readonly bytes: Reading<Uint8Array>
  readonly QName: Reading<QName>
  readonly value: Reading<Row | undefined>
} = {
  int32: { kind: 'int32', zero: 0, cast: int32 },
  int64: {
    kind: 'int64',
    zero: 0n,
    cast: (value) => {
      if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
      return typeof value === 'bigint' && value >= minInt64 && value < -minInt64 ? value : undefined
    },
  },
  float32: { kind: 'float32', zero: 0, cast: number },
  float64: { kind: 'float64', zero: 0, cast: number },
  bool: { kind: 'bool', zero: false, cast: (value) => (typeof value === 'boolean' ? value : undefined) },
  string: { kind: 'string', zero: '', cast: (value) => (typeof value === 'string' ? value : undefined) },
  bytes: { kind: 'bytes', zero: new Uint8Array(0), cast: (value) => (value instanceof Uint8Array ? value : undefined) },
  QName: { kind: 'QName', zero: { pkg: '', entity: '' }, cast: (value) => (isQName(value) ? value : undefined) },
  value: { kind: 'value', zero: undefined, cast: (value) => (isRow(value) ? value : undefined) },
}

/** Reads a field: `EXTENSION_FIELD` where there is none of this name and kind. */
export function readField<T>(row: Row, name: string, { kind, zero, cast }: Reading<T>): T {
  const value = fieldOf(row, kind, name)
  if (value === null && kind !== 'value') return zero
  const known = value === undefined ? undefined : cast(value)
  return known ?? undefinedField(kind, name)
}

/** Reads an element of a list. */
export function readElement<T>(row: Row, index: number, { kind, zero, cast }: Reading<T>): T {
  if (!isList(row)) {
    const why = kind === 'value' ? 'field by index is not an object or array' : 'current value is not an array'
    throw new GuestFault('EXTENSION_FIELD', why, { field: String(index) })
  }
  const value = index >= 0 ? row[index] : undefined
  if (value === undefined)
    throw new GuestFault('EXTENSION_FIELD', `index out of bounds: ${index}`, { field: String(index) })
  if (value === null && kind !== 'value') return zero
  const known = cast(value)
  return known ?? undefinedField(kind, String(index))
}

/** How many elements a list has. */
export function listLength(row: Row): number {
  if (isList(row)) return row.length
  throw new GuestFault('EXTENSION_FIELD', 'current value is not an array')
}

/** What a field that a guest writes is, where its storage says what fields there are: `EXTENSION_FIELD` for any other. */
export function checkField(types: FieldTypes | undefined, name: string, kind: FieldKind): void {
  if (types === undefined) return
  const type = Object.hasOwn(types, name) ? types[name] : undefined
  const fits = type === kind || (type === 'RecordID' && kind === 'int64') || (type === 'string[]' && kind === 'string')
  if (!fits) undefinedField(kind, name)
}

function undefinedField(kind: FieldKind | 'value', name: string): never {
  throw new GuestFault('EXTENSION_FIELD', `undefined ${kind} field: ${name}`, { field: name })
}

function fieldOf(row: Row, kind: FieldKind | 'value', name: string): FieldValue | undefined {
  if (row instanceof RowReader) return row.read(kind, name)
  if (isList(row)) return undefined
  const value = row[name]
  // Every object inherits some names; what they stand for is no text, number or truth value.
  return typeof value === 'object' && value !== null && !Object.hasOwn(row, name) ? undefined : value
}

/** Whether a value is a list. */
export function isList(value: FieldValue): value is readonly FieldValue[] {
  return Array.isArray(value)
}

function isRow(value: FieldValue): value is Row {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}

/** Whether a value is a qualified name. */
export function isQName(value: FieldValue): value is QName {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pkg' in value &&
    'entity' in value &&
    typeof value.pkg === 'string' &&
    typeof value.entity === 'string'
  )
}
