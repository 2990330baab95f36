import type { FieldTypes, FieldValue } from '../../contracts/extension/fields.ts'
import type { Columns } from '../schema/columns.ts'
import type { ViewType } from '../schema/schema.ts'
import { decodeRow, encode, type Fields } from './codec.ts'
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
import { keyOf } from './tables.ts'

const mostUpdates = 64

/** How many rows a read asks for at once. */
const pageSize = 256

/** Some rows of a view. */
export interface Page {
  readonly rows: readonly (readonly [key: Fields, value: Fields])[]
  /** Where the next page begins; `undefined` after the last. */
  readonly after: readonly Raw[] | undefined
}

/** The table of one view. */
export class ViewTable {
  readonly type: ViewType
  readonly key: Columns
  /** What a guest may put into a key, and what it may write. */
  readonly keyFields: FieldTypes
  readonly valueFields: FieldTypes
  readonly #dialect: Dialect
  readonly #get: Query
  readonly #put: Query
  readonly #updates = new Queries(mostUpdates)
  readonly #reads = new Map<string, Query>()

  constructor(dialect: Dialect, type: ViewType) {
    this.type = type
    this.key = keyOf(type)
    this.#dialect = dialect
    this.keyFields = { ...Object.fromEntries(this.key.map((column) => [column.name, column.type])), WSID: 'int64' }
    this.valueFields = Object.fromEntries(type.value.map((column) => [column.name, column.type]))
    const key = ['sys.WSID', ...this.key.map(({ name }) => name)]
    const value = type.value.map(({ name }) => name)
    // A view without values has rows nonetheless.
    const selected = value.length === 0 ? '1' : listed(value)
    this.#get = { sql: `SELECT ${selected} FROM ${quoted(type.entity)} WHERE ${equal(dialect, key)}` }
    const conflict =
      value.length === 0
        ? 'NOTHING'
        : `UPDATE SET ${value.map((name) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')}`
    const all = [...key, ...value]
    this.#put = {
      sql: `INSERT INTO ${quoted(type.entity)} (${listed(all)}) VALUES (${placeholders(dialect, all.length)}) ON CONFLICT (${listed(key)}) DO ${conflict}`,
    }
  }

  /** The key's first fields, as many as are there. */
  encodeKey(fields: ReadonlyMap<string, FieldValue>, count: number): readonly Raw[] {
    return this.key.slice(0, count).map((column) => encode(this.#dialect, column, fields.get(column.name)))
  }

  /** The row of a whole key. */
  *get(workspace: bigint, key: readonly Raw[]): Work<Fields | undefined> {
    const { rows } = yield { query: this.#get, values: [workspace, ...key] }
    const raws = rows[0]
    return raws && decodeRow(this.type.value, raws, 0)
  }

  /** Some rows whose keys begin so, in the order of their keys. */
  *page(workspace: bigint, prefix: readonly Raw[], after: readonly Raw[] | undefined): Work<Page> {
    const { rows } = yield {
      query: this.#read(prefix.length, after !== undefined),
      values: [workspace, ...prefix, ...(after ?? [])],
    }
    const found = rows.map(
      (raws) => [decodeRow(this.key, raws, 0), decodeRow(this.type.value, raws, this.key.length)] as const,
    )
    const last = rows.length < pageSize || prefix.length === this.key.length ? undefined : rows.at(-1)
    return { rows: found, after: last?.slice(prefix.length, this.key.length) }
  }

  /** Writes a row, in the place of the one that is there. */
  put(workspace: bigint, key: readonly Raw[], fields: ReadonlyMap<string, FieldValue>): Ask {
    const value = this.type.value.map((column) => encode(this.#dialect, column, fields.get(column.name)))
    return { query: this.#put, values: [workspace, ...key, ...value] }
  }

  /** Writes some fields of a row that is there. */
  update(workspace: bigint, key: readonly Raw[], fields: ReadonlyMap<string, FieldValue>): Ask {
    const columns = this.type.value.filter(({ name }) => fields.has(name))
    const names = columns.map(({ name }) => name)
    const query = this.#updates.of(names.join(), () => {
      const { parameter } = this.#dialect
      const set = names.map((name, index) => `${quoted(name)} = ${parameter(index + 1)}`)
      const whole = ['sys.WSID', ...this.key.map(({ name }) => name)]
      return `UPDATE ${quoted(this.type.entity)} SET ${set.join(', ')} WHERE ${equal(this.#dialect, whole, names.length + 1)}`
    })
    const values = columns.map((column) => encode(this.#dialect, column, fields.get(column.name)))
    return { query, values: [...values, workspace, ...key] }
  }

  #read(prefix: number, next: boolean): Query {
    const name = `${prefix} ${String(next)}`
    const known = this.#reads.get(name)
    if (known !== undefined) return known
    const key = this.key.map(({ name }) => name)
    const rest = key.slice(prefix)
    const where = equal(this.#dialect, ['sys.WSID', ...key.slice(0, prefix)])
    const after = next ? ` AND (${listed(rest)}) > (${placeholders(this.#dialect, rest.length, prefix + 2)})` : ''
    const order = rest.length === 0 ? '' : ` ORDER BY ${listed(rest)} LIMIT ${pageSize}`
    const columns = listed([...key, ...this.type.value.map(({ name }) => name)])
    const query: Query = { sql: `SELECT ${columns} FROM ${quoted(this.type.entity)} WHERE ${where}${after}${order}` }
    this.#reads.set(name, query)
    return query
  }
}

function equal({ parameter }: Dialect, names: readonly string[], first = 1): string {
  return names.map((name, index) => `${quoted(name)} = ${parameter(index + first)}`).join(' AND ')
}
