import { type FieldValue, isQName, type QName } from '../../contracts/extension/fields.ts'
import { GuestFault } from '../../fault.ts'
import type { Column, Columns, ColumnType } from '../schema/columns.ts'
import type { Dialect, Raw } from './query.ts'

/** Fields by name. */
export type Fields = Record<string, FieldValue>

const zeros: Readonly<Record<ColumnType, Raw>> = {
  int32: 0,
  int64: 0n,
  float32: 0,
  float64: 0,
  bool: 0,
  string: '',
  bytes: new Uint8Array(0),
  QName: '.',
  RecordID: 0n,
}

/** How a column is declared. */
export function columnType({ columns }: Dialect, type: ColumnType): string {
  switch (type) {
    case 'int32':
      return columns.integer
    case 'int64':
    case 'RecordID':
      return columns.bigint
    case 'float32':
      return columns.real
    case 'float64':
      return columns.double
    case 'bool':
      return columns.boolean
    case 'bytes':
      return columns.blob
    case 'string':
    case 'QName':
      return columns.text
  }
}

/** What a database keeps for a field that was never written, where it has to keep something. */
export const zeroOf = (type: ColumnType): Raw => zeros[type]

/**
 * A value as a database keeps it; `null` for none.
 *
 * @throws GuestFault `EXTENSION_FIELD`
 */
export function encode({ nul }: Dialect, { name, type }: Column, value: FieldValue | undefined): Raw {
  if (value === undefined || value === null) return null
  switch (type) {
    case 'int32':
    case 'int64':
    case 'RecordID':
      if (typeof value === 'bigint' || Number.isSafeInteger(value))
        return typeof value === 'bigint' ? value : Number(value)
      break
    case 'float32':
    case 'float64':
      if (typeof value !== 'number') break
      if (Number.isNaN(value)) refuse(name, `${name} is not a number: NaN cannot be stored`)
      return type === 'float32' ? Math.fround(value) : value
    case 'bool':
      if (typeof value === 'boolean') return value ? 1 : 0
      break
    case 'string':
      if (typeof value !== 'string') break
      return checkNul(nul, name, value)
    case 'bytes':
      if (value instanceof Uint8Array) return value
      break
    case 'QName':
      if (!isQName(value)) break
      if (value.entity.includes('.')) refuse(name, `${name} cannot be '${value.entity}': an entity has no point`)
      return checkNul(nul, name, `${value.pkg}.${value.entity}`)
  }
  return refuse(name, `undefined ${type} field: ${name}`)
}

function checkNul(nul: boolean, name: string, text: string): string {
  if (!nul && text.includes('\0')) refuse(name, `${name} holds U+0000, which this store cannot keep`)
  return text
}

function refuse(field: string, why: string): never {
  throw new GuestFault('EXTENSION_FIELD', why, { field })
}

/** A value as guests read it. */
function decode(type: ColumnType, raw: Raw | undefined): FieldValue {
  if (raw === null || raw === undefined) return null
  switch (type) {
    case 'int32':
    case 'float64':
      return Number(raw)
    case 'float32':
      return Math.fround(Number(raw))
    case 'int64':
    case 'RecordID':
      return int64(raw)
    case 'bool':
      return typeof raw === 'boolean' ? raw : Number(raw) === 1
    case 'QName':
      return qname(String(raw))
    case 'string':
      return raw
    case 'bytes':
      return raw instanceof Buffer ? new Uint8Array(raw) : raw
  }
}

/** The columns of a row, from `first` on. */
export function decodeRow(columns: Columns, raws: readonly Raw[], first: number): Fields {
  const row: Fields = {}
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]
    if (column !== undefined) row[column.name] = decode(column.type, raws[first + index])
  }
  return row
}

/** An integer of 64 bits, whichever way a database gives it. */
export function int64(raw: Raw | undefined): bigint {
  return typeof raw === 'bigint' ? raw : BigInt(String(raw))
}

/** `pkg.Entity`, the last point separates them: full paths of packages have some. */
export function qname(text: string): QName {
  const point = text.lastIndexOf('.')
  return { pkg: text.slice(0, point), entity: text.slice(point + 1) }
}
