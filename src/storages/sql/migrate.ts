import { MortiseError } from '../../errors.ts'
import type { Column, ColumnType } from '../schema/columns.ts'
import type { RecordType, Schema, ViewType } from '../schema/schema.ts'
import { zeroOf } from './codec.ts'
import { type Ask, type Dialect, quoted, type Raw, type Work } from './query.ts'
import { addColumn, keyOf, ownTables, recordTable, uniqueIndex, uniqueName, viewTable } from './tables.ts'

/** What a store remembers of a type: what must not change, and what may grow. */
interface Remembered {
  /** `record`, `singleton`, or `view` with its key. */
  readonly shape: string
  readonly fields: Readonly<Record<string, ColumnType>>
  readonly uniques: readonly (readonly string[])[]
}

const version = 1

/**
 * Makes the tables of a schema, or of what is new in it; the driver runs it in a transaction. Types and fields that the schema has no
 * more stay as they are, with what is in them.
 *
 * @param readOnly - makes nothing: what is missing is an error
 * @throws MortiseError `STORE_SCHEMA` where what is there has another type
 */
export function* migrate(dialect: Dialect, schema: Schema, store: string, readOnly: boolean): Work<void> {
  const before = yield* readSchema(dialect, store, readOnly)
  const after: Record<string, Remembered> = { ...before }
  for (const type of schema.records.values())
    after[type.entity] = yield* migrateRecord(dialect, type, before[type.entity], store, readOnly)
  for (const view of schema.views.values())
    after[view.entity] = yield* migrateView(dialect, view, before[view.entity], store, readOnly)
  const text = JSON.stringify({ version, types: after })
  if (readOnly || text === JSON.stringify({ version, types: before })) return
  yield ask(
    `INSERT INTO "sys.store" (name, value) VALUES ('schema', ${dialect.parameter(1)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    text,
  )
}

function* readSchema(dialect: Dialect, store: string, readOnly: boolean): Work<Readonly<Record<string, Remembered>>> {
  if (!readOnly) for (const sql of ownTables(dialect)) yield ask(sql)
  const { rows } = yield ask(`SELECT value FROM "sys.store" WHERE name = 'schema'`)
  const text = rows[0]?.[0]
  if (text === undefined) return {}
  const known: unknown = JSON.parse(String(text))
  if (
    typeof known === 'object' &&
    known !== null &&
    'version' in known &&
    known.version === version &&
    'types' in known
  ) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- written by this function, in this version
    return known.types as Readonly<Record<string, Remembered>>
  }
  throw new MortiseError(
    'STORE_SCHEMA',
    `Cannot open the store ${store}: its schema was written by another version of Mortise, this one knows version ${version}`,
  )
}

function* migrateRecord(
  dialect: Dialect,
  type: RecordType,
  before: Remembered | undefined,
  store: string,
  readOnly: boolean,
): Work<Remembered> {
  const shape = type.singleton ? 'singleton' : 'record'
  const fields = yield* migrateFields(dialect, type.entity, shape, type.fields, before, store, readOnly, () =>
    recordTable(dialect, type),
  )
  const wanted = new Set(type.uniques.map((unique) => uniqueName(type.entity, unique)))
  const known = new Set(before?.uniques.map((unique) => uniqueName(type.entity, unique)))
  if (readOnly) return { shape, fields, uniques: type.uniques }
  for (const name of known) if (!wanted.has(name)) yield ask(`DROP INDEX ${quoted(name)}`)
  for (const unique of type.uniques) {
    if (known.has(uniqueName(type.entity, unique))) continue
    for (const column of type.fields.filter(({ name }) => unique.includes(name))) {
      const name = quoted(column.name)
      yield ask(
        `UPDATE ${quoted(type.entity)} SET ${name} = ${dialect.parameter(1)} WHERE ${name} IS NULL`,
        zeroOf(column.type),
      )
    }
    try {
      yield ask(uniqueIndex(type, unique))
    } catch (thrown) {
      if (!MortiseError.is(thrown, 'STORE_CONFLICT')) throw thrown
      refuse(store, `records of ${type.entity} have the same ${unique.join(', ')}, which shall be unique`)
    }
  }
  return { shape, fields, uniques: type.uniques }
}

function* migrateView(
  dialect: Dialect,
  view: ViewType,
  before: Remembered | undefined,
  store: string,
  readOnly: boolean,
): Work<Remembered> {
  const key = keyOf(view).map(({ name, type }) => `${name} ${type}`)
  const shape = `view (${key.slice(0, view.partition.length).join(', ')}; ${key.slice(view.partition.length).join(', ')})`
  const fields = yield* migrateFields(dialect, view.entity, shape, view.value, before, store, readOnly, () => [
    viewTable(dialect, view),
  ])
  return { shape, fields, uniques: [] }
}

function* migrateFields(
  dialect: Dialect,
  entity: string,
  shape: string,
  columns: readonly Column[],
  before: Remembered | undefined,
  store: string,
  readOnly: boolean,
  make: () => readonly string[],
): Work<Readonly<Record<string, ColumnType>>> {
  const declared = Object.fromEntries(columns.map(({ name, type }) => [name, type]))
  if (before === undefined) {
    if (readOnly) refuse(store, `it has no ${entity}, and is opened to be read only`)
    for (const sql of make()) yield ask(sql)
    return declared
  }
  if (before.shape !== shape) refuse(store, `${entity} is a ${before.shape} there, and a ${shape} in the schema`)
  const known = new Map(Object.entries(before.fields))
  for (const column of columns) {
    const { name, type } = column
    const was = known.get(name)
    if (was === type) continue
    if (was !== undefined) refuse(store, `the field ${name} of ${entity} is ${was} there, and ${type} in the schema`)
    if (readOnly) refuse(store, `${entity} has no field ${name} there, and it is opened to be read only`)
    yield ask(addColumn(dialect, entity, column))
  }
  return { ...before.fields, ...declared }
}

const ask = (sql: string, ...values: readonly Raw[]): Ask => ({ query: { sql, passing: true }, values })

function refuse(store: string, why: string): never {
  throw new MortiseError(
    'STORE_SCHEMA',
    `Cannot open the store ${store} with this schema: ${why}. Give what has changed another name`,
  )
}
