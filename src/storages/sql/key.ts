import { type FieldValue, readField, readings, type Row } from '../../contracts/extension/fields.ts'
import { type Key, showKey } from '../../contracts/extension/storage.ts'
import type { ErrorCode } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'

/** The least that a state of these storages is opened with. */
export interface SqlContext {
  /** The workspace of keys that say no other. */
  readonly workspace: bigint
}

/** Ends the guest's call: its key, or what it wrote, cannot be. */
export function refuse(code: ErrorCode, key: Key, why: string, field?: string): never {
  const about = { storage: key.storage, key: showKey(key) }
  throw new GuestFault(code, why, field === undefined ? about : { ...about, field })
}

/** The workspace that a key asks for. */
export function workspaceOf(key: Key, { workspace }: SqlContext): bigint {
  const given = integer(key.fields.get('WSID'))
  if (given !== undefined && given < 0n) refuse('EXTENSION_FIELD', key, `wsid value is out of range:${given}`, 'WSID')
  return given ?? workspace
}

/** An integer of a key; `undefined` where the guest put none. */
export function integer(value: FieldValue | undefined): bigint | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(Math.trunc(value)) : undefined
}

/** The type of the record that is updated, which is the one of the key: an extension may be allowed to write one type only. */
export function updatedType(key: Key, row: Row): string {
  const { pkg, entity } = readField(row, 'sys.QName', readings.QName)
  const type = `${pkg}.${entity}`
  if (key.entity !== '' && key.entity !== type)
    refuse('EXTENSION_NAME', key, `the key is of ${key.entity}, and what it updates is of ${type}`)
  const wanted = integer(key.fields.get('ID'))
  const id = readField(row, 'sys.ID', readings.int64)
  if (wanted !== undefined && wanted !== id)
    refuse('EXTENSION_FIELD', key, `the key has the ID ${wanted}, and what it updates ${id}`, 'ID')
  return type
}
