import type { Dialect } from '../sql/query.ts'

/** SQL as PostgreSQL has it. Texts are ordered by their bytes, as everywhere else. */
export const postgresDialect: Dialect = {
  parameter: (index) => `$${index}`,
  columns: {
    integer: 'integer',
    bigint: 'bigint',
    real: 'real',
    double: 'double precision',
    boolean: 'boolean',
    text: 'text COLLATE "C"',
    blob: 'bytea',
  },
  clustered: '',
  nul: false,
  // Others can still read it.
  lockLog: { sql: 'LOCK TABLE "sys.log" IN SHARE ROW EXCLUSIVE MODE', passing: true },
}
