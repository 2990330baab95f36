import { int64 } from '../sql/codec.ts'
import type { Dialect, Query } from '../sql/query.ts'

const lastID: Query = { sql: 'SELECT max("sys.ID") FROM "sys.records" WHERE "sys.WSID" = ?' }

/** SQL as SQLite has it, in tables that are STRICT. */
export const sqliteDialect: Dialect = {
  parameter: () => '?',
  columns: {
    integer: 'INTEGER',
    bigint: 'INTEGER',
    real: 'REAL',
    double: 'REAL',
    boolean: 'INTEGER',
    text: 'TEXT',
    blob: 'BLOB',
  },
  clustered: ' STRICT, WITHOUT ROWID',
  nul: true,
  tables: [],
  // Transactions that write follow each other: nobody else takes the next ones, and nobody else is in the log.
  *reserve(workspace, count, least) {
    const { rows } = yield { query: lastID, values: [workspace] }
    return (rows[0]?.[0] == null ? least : int64(rows[0][0])) + count
  },
  lockLog: undefined,
}
