import { type FieldValue, readField, readings } from '../../contracts/extension/fields.ts'
import type { Key } from '../../contracts/extension/storage.ts'
import type { RecordChange } from '../event.ts'
import { integer, refuse } from './key.ts'
import type { Dialect, Query, Work } from './query.ts'
import type { Recorder } from './recorder.ts'
import type { RecordTable } from './record-table.ts'

/** A record that is written. */
interface Change {
  readonly key: Key
  readonly table: RecordTable
  /** Of one that is there. */
  readonly id: bigint | undefined
  readonly fields: ReadonlyMap<string, FieldValue>
}

/** Identifiers up to this one stand for records that are new in the same apply. */
const lastRawID = 0xffffn

/** What is known of all types of records. */
interface Types {
  readonly tables: ReadonlyMap<string, RecordTable>
  /** Takes identifiers of a workspace: gives the last one. */
  readonly reserve: Dialect['reserve']
  /** Says of which type a new record is. */
  readonly addID: Query
  entityOf(workspace: bigint, id: bigint): Work<string | undefined>
}

/** Gives new records their identifiers, and writes all in their order. */
export function* applyRecords(
  types: Types,
  changes: readonly Change[],
  workspace: bigint,
  recorder: Recorder | undefined,
): Work<void> {
  const inserts = changes.filter(({ id }) => id === undefined)
  const newIDs = new Map<bigint, bigint>()
  const entities = new Map<bigint, string>()
  const count = BigInt(inserts.length)
  let next = count === 0n ? 0n : (yield* types.reserve(workspace, count, lastRawID)) - count + 1n
  const ids = new Map<Change, bigint>()
  for (const change of inserts) {
    const raw = integer(change.fields.get('sys.ID'))
    if (raw !== undefined) {
      const fresh = raw > 0n && raw <= lastRawID && !newIDs.has(raw)
      if (!fresh)
        refuse(
          'EXTENSION_FIELD',
          change.key,
          `sys.ID of a new record is a number from 1 to ${lastRawID} that no other one has: ${raw}`,
          'sys.ID',
        )
      newIDs.set(raw, next)
    }
    entities.set(next, change.table.type.entity)
    ids.set(change, next++)
  }
  const cuds: RecordChange[] = []
  for (const change of changes) {
    const { table, key } = change
    const fields = resolved(change, newIDs)
    const id = ids.get(change) ?? change.id ?? 0n
    if (change.id === undefined) {
      fields.set('sys.ID', id)
      if (!fields.has('sys.IsActive')) fields.set('sys.IsActive', true)
      if (!fields.has('sys.Container')) fields.set('sys.Container', '')
      yield* checkParent(types, change, fields, entities, workspace)
      yield { query: types.addID, values: [workspace, id, table.type.entity] }
      yield table.insert(workspace, fields)
    } else if (fields.size > 0) {
      const { changes: found } = yield table.update(workspace, id, fields)
      if (found === 0)
        refuse('EXTENSION_ABSENT', key, `the record ${id} of ${table.type.entity} that is updated is not there`)
    }
    cuds.push({
      isNew: change.id === undefined,
      fields: { ...Object.fromEntries(fields), 'sys.ID': id, 'sys.QName': table.name },
    })
  }
  recorder?.add(cuds, newIDs)
}

/** What is written, with the identifiers that new records got in the place of those that stood for them. */
function resolved({ key, table, fields }: Change, newIDs: ReadonlyMap<bigint, bigint>): Map<string, FieldValue> {
  const result = new Map(fields)
  for (const [name, value] of fields) {
    if (table.insertFields[name] !== 'RecordID' || name === 'sys.ID') continue
    const id = integer(value) ?? 0n
    if (id < 0n) refuse('EXTENSION_FIELD', key, `record ID value is out of range:${id}`, name)
    if (id === 0n || id > lastRawID) continue
    const given = newIDs.get(id)
    if (given === undefined)
      refuse('EXTENSION_FIELD', key, `${name} is ${id}, and no new record has this as its sys.ID`, name)
    result.set(name, given)
  }
  return result
}

/** A record that has a parent lies in one of its containers. */
function* checkParent(
  types: Types,
  { key, table }: Change,
  fields: ReadonlyMap<string, FieldValue>,
  fresh: ReadonlyMap<bigint, string>,
  workspace: bigint,
): Work<void> {
  const parent = integer(fields.get('sys.ParentID')) ?? 0n
  if (parent === 0n) return
  const entity = fresh.get(parent) ?? (yield* types.entityOf(workspace, parent))
  if (entity === undefined)
    refuse('EXTENSION_ABSENT', key, `there is no record ${parent}, which shall be its parent`, 'sys.ParentID')
  const container = readField(Object.fromEntries(fields), 'sys.Container', readings.string)
  const holds = types.tables.get(entity)?.type.containers.get(container)
  if (holds !== table.type.entity)
    refuse('EXTENSION_FIELD', key, `${entity} has no container '${container}' of ${table.type.entity}`, 'sys.Container')
}
