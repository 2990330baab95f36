import type { FieldTypes, FieldValue, QName } from '../../contracts/extension/fields.ts'
import type { Columns } from '../schema/columns.ts'
import type { RecordType } from '../schema/schema.ts'
import { decodeRow, encode, type Fields, qname, zeroOf } from './codec.ts'
import {
  type Ask,
  type Dialect,
  listed,
  placeholders,
  Queries,
  type Query,
  quoted,
  type Raw,
  type Work,
} from './query.ts'
import { systemFields, workspaceColumn } from './tables.ts'

const mostUpdates = 64

/** The table of one type of records. */
export class RecordTable {
  readonly type: RecordType
  readonly name: QName
  /** What a guest may write of a new one, and of one that is there. */
  readonly insertFields: FieldTypes
  readonly updateFields: FieldTypes
  readonly #dialect: Dialect
  readonly #columns: Columns
  readonly #unique: ReadonlySet<string>
  readonly #byID: Query
  readonly #single: Query
  readonly #insert: Query
  readonly #updates = new Queries(mostUpdates)
  readonly #uniques: ReadonlyMap<string, { readonly columns: Columns; readonly query: Query }>

  constructor(dialect: Dialect, type: RecordType) {
    this.type = type
    this.name = qname(type.entity)
    this.#dialect = dialect
    this.#columns = [...systemFields, ...type.fields]
    this.#unique = new Set(type.uniques.flat())
    const fields = Object.fromEntries(type.fields.map((column) => [column.name, column.type]))
    this.insertFields = { ...Object.fromEntries(systemFields.map((column) => [column.name, column.type])), ...fields }
    this.updateFields = { 'sys.IsActive': 'bool', ...fields }
    const { parameter } = dialect
    const table = quoted(type.entity)
    const names = listed(this.#columns.map((column) => column.name))
    const of = `FROM ${table} WHERE "sys.WSID" = ${parameter(1)}`
    this.#byID = { sql: `SELECT ${names} ${of} AND "sys.ID" = ${parameter(2)}` }
    this.#single = { sql: `SELECT ${names} ${of}` }
    const all = placeholders(dialect, this.#columns.length + 1)
    this.#insert = { sql: `INSERT INTO ${table} (${quoted(workspaceColumn.name)}, ${names}) VALUES (${all})` }
    this.#uniques = new Map(
      type.uniques.map((unique) => {
        const columns = type.fields.filter(({ name }) => unique.includes(name))
        const equal = columns.map(({ name }, index) => `${quoted(name)} = ${parameter(index + 2)}`)
        return [
          nameOf(unique),
          { columns, query: { sql: `SELECT "sys.ID" ${of} AND "sys.IsActive" AND ${equal.join(' AND ')}` } },
        ]
      }),
    )
  }

  /** The record with an identifier; of a singleton, the one that there is. */
  *get(workspace: bigint, id: bigint | undefined): Work<Fields | undefined> {
    const { rows } = yield id === undefined
      ? { query: this.#single, values: [workspace] }
      : { query: this.#byID, values: [workspace, id] }
    const raws = rows[0]
    return raws && { ...decodeRow(this.#columns, raws, 0), 'sys.QName': this.name }
  }

  /** Writes a new record. */
  insert(workspace: bigint, fields: ReadonlyMap<string, FieldValue>): Ask {
    return {
      query: this.#insert,
      values: [workspace, ...this.#columns.map((column) => this.#encode(column, fields.get(column.name)))],
    }
  }

  /** Writes some fields of a record that is there. */
  update(workspace: bigint, id: bigint, fields: ReadonlyMap<string, FieldValue>): Ask {
    const columns = this.#columns.filter(({ name }) => fields.has(name))
    const query = this.#updates.of(nameOf(columns.map(({ name }) => name)), () => {
      const { parameter } = this.#dialect
      const set = columns.map(({ name }, index) => `${quoted(name)} = ${parameter(index + 1)}`).join(', ')
      const [before, last] = [parameter(columns.length + 1), parameter(columns.length + 2)]
      return `UPDATE ${quoted(this.type.entity)} SET ${set} WHERE "sys.WSID" = ${before} AND "sys.ID" = ${last}`
    })
    return { query, values: [...columns.map((column) => this.#encode(column, fields.get(column.name))), workspace, id] }
  }

  /** The active record that has these values of a unique; `undefined` where the fields are none. */
  unique(workspace: bigint, fields: ReadonlyMap<string, FieldValue>): Ask | undefined {
    const known = this.#uniques.get(nameOf([...fields.keys()]))
    return (
      known && {
        query: known.query,
        values: [workspace, ...known.columns.map((column) => this.#encode(column, fields.get(column.name)))],
      }
    )
  }

  #encode(column: Columns[number], value: FieldValue | undefined): Raw {
    const raw = encode(this.#dialect, column, value)
    return raw === null && this.#unique.has(column.name) ? zeroOf(column.type) : raw
  }
}

/** The same for the same fields, in whichever order. */
const nameOf = (fields: readonly string[]): string => fields.toSorted().join()
