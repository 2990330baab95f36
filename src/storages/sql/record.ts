import { type FieldTypes, type FieldValue, readField, readings, type Row } from '../../contracts/extension/fields.ts'
import { type Intent, type Key, showKey } from '../../contracts/extension/storage.ts'
import type { Schema } from '../schema/schema.ts'
import { applyRecords } from './record-apply.ts'
import { RecordTable } from './record-table.ts'
import { integer, refuse, type SqlContext, updatedType, workspaceOf } from './key.ts'
import type { Dialect, Query, Work } from './query.ts'
import type { Recorder } from './recorder.ts'
import type { CheckWorkspace } from './workspaces.ts'

const keyFields: FieldTypes = { ID: 'RecordID', WSID: 'int64', IsSingleton: 'bool', Singleton: 'QName' }

/** The records of an application: `sys.Record`. */
export class Records {
  readonly tables: ReadonlyMap<string, RecordTable>
  readonly reserve: Dialect['reserve']
  readonly addID: Query
  readonly #check: CheckWorkspace
  readonly #entityOf: Query

  constructor(dialect: Dialect, schema: Schema, check: CheckWorkspace) {
    this.#check = check
    this.reserve = dialect.reserve
    this.tables = new Map([...schema.records].map(([entity, type]) => [entity, new RecordTable(dialect, type)]))
    const { parameter } = dialect
    const [first, second, third] = [1, 2, 3].map(parameter)
    this.addID = {
      sql: `INSERT INTO "sys.records" ("sys.WSID", "sys.ID", entity) VALUES (${first}, ${second}, ${third})`,
    }
    this.#entityOf = {
      sql: `SELECT entity FROM "sys.records" WHERE "sys.WSID" = ${parameter(1)} AND "sys.ID" = ${parameter(2)}`,
    }
  }

  /** The fields of a key. */
  keyFields(entity: string): FieldTypes {
    if (entity !== '') this.#table({ storage: 'sys.Record', entity, fields: new Map() })
    return keyFields
  }

  /** The record of a key; with an entity, only one of this type. */
  *get(key: Key, context: SqlContext): Work<Row | undefined> {
    const workspace = workspaceOf(key, context)
    const singleton = singletonOf(key)
    if (singleton !== undefined) {
      const table = this.#table(key, singleton)
      if (!table.type.singleton) refuse('EXTENSION_NAME', key, `${singleton} is not a singleton`)
      this.#check(singleton, workspace, key)
      return yield* table.get(workspace, undefined)
    }
    const id = integer(key.fields.get('ID')) ?? 0n
    if (id === 0n) refuse('EXTENSION_FIELD', key, 'value of one of RecordID fields is 0: not found', 'ID')
    if (id < 0n) refuse('EXTENSION_FIELD', key, `record ID value is out of range:${id}`, 'ID')
    if (key.entity !== '') return yield* this.#table(key).get(workspace, id)
    const entity = yield* this.entityOf(workspace, id)
    return entity === undefined ? undefined : yield* this.#table(key, entity).get(workspace, id)
  }

  /** The type of the record with an identifier. */
  *entityOf(workspace: bigint, id: bigint): Work<string | undefined> {
    const { rows } = yield { query: this.#entityOf, values: [workspace, id] }
    const entity = rows[0]?.[0]
    return entity === undefined ? undefined : String(entity)
  }

  /** The fields of a new record. */
  insert(key: Key, context: SqlContext): FieldTypes {
    if (key.entity === '') refuse('EXTENSION_NAME', key, 'entity required for ValueBuilder')
    this.#check(key.entity, this.#own(key, context), key)
    return this.#table(key).insertFields
  }

  /** The fields of a record that is there, whose type it is that counts. */
  update(key: Key, row: Row, context: SqlContext): FieldTypes {
    this.#own(key, context)
    return this.#tableOf(key, row).updateFields
  }

  /** Refuses what cannot be applied whatever the database holds. */
  validate(intents: readonly Intent[], context: SqlContext): void {
    for (const { key } of intents) this.#own(key, context)
  }

  /** Writes the intents, in their order. */
  *apply(intents: readonly Intent[], { workspace }: SqlContext, recorder: Recorder | undefined): Work<void> {
    const changes = intents.map(({ key, row, fields }) => ({
      key,
      fields,
      table: row === undefined ? this.#table(key) : this.#tableOf(key, row),
      id: row === undefined ? undefined : readField(row, 'sys.ID', readings.int64),
    }))
    yield* applyRecords(this, changes, workspace, recorder)
  }

  #table(key: Key, entity: string = key.entity): RecordTable {
    return this.tables.get(entity) ?? refuse('EXTENSION_NAME', key, `there is no record '${entity}' in the schema`)
  }

  #tableOf(key: Key, row: Row): RecordTable {
    return this.#table(key, updatedType(key, row))
  }

  /** An event is one workspace's, and so are the records that it writes. */
  #own(key: Key, context: SqlContext): bigint {
    const workspace = workspaceOf(key, context)
    if (workspace === context.workspace) return workspace
    return refuse('EXTENSION_FIELD', key, `records of another workspace cannot be written: {${showKey(key)}}`, 'WSID')
  }
}

/** The singleton that a key asks for. */
function singletonOf(key: Key): string | undefined {
  const { entity, fields } = key
  if (fields.get('IsSingleton') === true)
    return entity === '' ? refuse('EXTENSION_NAME', key, 'entity undefined') : entity
  const name: FieldValue | undefined = fields.get('Singleton')
  return name === undefined ? undefined : nameOf(readField({ name }, 'name', readings.QName))
}

const nameOf = ({ pkg, entity }: { readonly pkg: string; readonly entity: string }): string => `${pkg}.${entity}`
