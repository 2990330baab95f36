import { createHash } from 'node:crypto'
import type { Column, Columns } from '../schema/columns.ts'
import type { RecordType, ViewType } from '../schema/schema.ts'
import { columnType } from './codec.ts'
import { type Dialect, listed, quoted } from './query.ts'

/** The fields that every record has, beside its type and its workspace. */
export const systemFields: Columns = [
  { name: 'sys.ID', type: 'RecordID' },
  { name: 'sys.ParentID', type: 'RecordID' },
  { name: 'sys.Container', type: 'string' },
  { name: 'sys.IsActive', type: 'bool' },
]

/** The column of the workspace, in every table that has one. */
export const workspaceColumn: Column = { name: 'sys.WSID', type: 'int64' }

/** The key of a view's table, after the workspace. */
export const keyOf = ({ partition, clustering }: ViewType): Columns => [...partition, ...clustering]

/** The tables that a store has whatever its schema is. */
export function ownTables(dialect: Dialect): readonly string[] {
  const { bigint, text } = dialect.columns
  const { clustered } = dialect
  return [
    ...dialect.tables,
    `CREATE TABLE IF NOT EXISTS "sys.store" (name ${text} PRIMARY KEY NOT NULL, value ${text} NOT NULL)${clustered}`,
    `CREATE TABLE IF NOT EXISTS "sys.records" ("sys.WSID" ${bigint} NOT NULL, "sys.ID" ${bigint} NOT NULL, entity ${text} NOT NULL, PRIMARY KEY ("sys.WSID", "sys.ID"))${clustered}`,
    `CREATE TABLE IF NOT EXISTS "sys.log" (position ${bigint} PRIMARY KEY NOT NULL, "sys.WSID" ${bigint} NOT NULL, wlog_offset ${bigint} NOT NULL, name ${text} NOT NULL, registered_at ${bigint} NOT NULL, event ${text} NOT NULL, UNIQUE ("sys.WSID", wlog_offset))`,
    `CREATE TABLE IF NOT EXISTS "sys.projectors" (name ${text} PRIMARY KEY NOT NULL, position ${bigint} NOT NULL)${clustered}`,
  ]
}

/** The table of a type of records, and its index where it is a singleton. */
export function recordTable(dialect: Dialect, type: RecordType): readonly string[] {
  const table = quoted(type.entity)
  const system = systemFields.map(
    (column) => `${declared(dialect, column)}${column.name === 'sys.ParentID' ? '' : ' NOT NULL'}`,
  )
  const columns = [`${declared(dialect, workspaceColumn)} NOT NULL`, ...system, ...fieldsOf(dialect, type.fields)]
  const key = 'PRIMARY KEY ("sys.WSID", "sys.ID")'
  const create = `CREATE TABLE ${table} (${[...columns, key].join(', ')})${dialect.clustered}`
  if (!type.singleton) return [create]
  return [create, `CREATE UNIQUE INDEX ${quoted(`${type.entity}/singleton`)} ON ${table} ("sys.WSID")`]
}

/** The table of a view, which lies in the order of its key. */
export function viewTable(dialect: Dialect, view: ViewType): string {
  const key = keyOf(view)
  const columns = [
    ...[workspaceColumn, ...key].map((column) => `${declared(dialect, column)} NOT NULL`),
    ...fieldsOf(dialect, view.value),
    `PRIMARY KEY (${listed([workspaceColumn.name, ...key.map(({ name }) => name)])})`,
  ]
  return `CREATE TABLE ${quoted(view.entity)} (${columns.join(', ')})${dialect.clustered}`
}

/** One more field of a table. */
export const addColumn = (dialect: Dialect, entity: string, column: Column): string =>
  `ALTER TABLE ${quoted(entity)} ADD COLUMN ${declared(dialect, column)}`

/** The name of the index of a unique: the same for the same fields. */
export function uniqueName(entity: string, fields: readonly string[]): string {
  const hash = createHash('sha256').update(fields.toSorted().join())
  return `${entity}/${hash.digest('hex').slice(0, 8)}`
}

/** The index of a unique, of active records only. */
export function uniqueIndex({ entity }: RecordType, fields: readonly string[]): string {
  const columns = listed(['sys.WSID', ...fields])
  return `CREATE UNIQUE INDEX ${quoted(uniqueName(entity, fields))} ON ${quoted(entity)} (${columns}) WHERE "sys.IsActive"`
}

const declared = (dialect: Dialect, { name, type }: Column): string => `${quoted(name)} ${columnType(dialect, type)}`

const fieldsOf = (dialect: Dialect, columns: Columns): readonly string[] =>
  columns.map((column) => declared(dialect, column))
