import type { Dialect } from '../sql/query.ts'

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
  // Transactions that write follow each other.
  lockLog: undefined,
}
