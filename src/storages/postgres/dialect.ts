import { int64 } from '../sql/codec.ts'
import type { Dialect, Query } from '../sql/query.ts'

const take: Query = {
  sql: `INSERT INTO "sys.ids" ("sys.WSID", last) VALUES ($1, $2) ON CONFLICT ("sys.WSID") DO UPDATE SET last = "sys.ids".last + $3 RETURNING last`,
}

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
  tables: ['CREATE TABLE IF NOT EXISTS "sys.ids" ("sys.WSID" bigint PRIMARY KEY NOT NULL, last bigint NOT NULL)'],
  *reserve(workspace, count, least) {
    const { rows } = yield { query: take, values: [workspace, least + count, count] }
    return int64(rows[0]?.[0])
  },
  // Others can still read it.
  lockLog: { sql: 'LOCK TABLE "sys.log" IN SHARE ROW EXCLUSIVE MODE', passing: true },
}
