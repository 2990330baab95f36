import { type ErrorCode, MortiseError, reasonOf } from '../../errors.ts'

/** Codes by SQLSTATE, or by its class: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const codes: Readonly<Record<string, ErrorCode>> = {
  '08': 'STORE_UNAVAILABLE',
  '23505': 'STORE_CONFLICT',
  '25006': 'STORE_READ_ONLY',
  '25P03': 'STORE_BUSY',
  '28': 'STORE_UNAVAILABLE',
  '3D000': 'STORE_UNAVAILABLE',
  '40': 'STORE_BUSY',
  '53100': 'STORE_FULL',
  '53200': 'STORE_FULL',
  '53300': 'STORE_UNAVAILABLE',
  '55P03': 'STORE_BUSY',
  '57014': 'STORE_BUSY',
  '57P': 'STORE_UNAVAILABLE',
  XX001: 'STORE_CORRUPT',
  XX002: 'STORE_CORRUPT',
}

const advice: Partial<Readonly<Record<ErrorCode, string>>> = {
  STORE_BUSY: 'another transaction holds a lock, or it took longer than its timeout',
  STORE_CONFLICT: 'another row has the same key or the same values of a unique',
  STORE_CORRUPT: 'the database is damaged',
  STORE_FULL: 'the server has no room left',
  STORE_READ_ONLY: 'the server only lets it be read',
  STORE_UNAVAILABLE: 'the server cannot be reached, or ended the connection',
}

/** What a failure of PostgreSQL is: what has no SQLSTATE is the connection's. */
export function postgresFailure(what: string, thrown: unknown): MortiseError {
  if (MortiseError.is(thrown)) return thrown
  const state = sqlState(thrown)
  const found =
    state === undefined ? 'STORE_UNAVAILABLE' : (codes[state] ?? codes[state.slice(0, 3)] ?? codes[state.slice(0, 2)])
  const code = found ?? 'STORE_FAILED'
  const why = advice[code]
  const reason = detailOf(thrown)
  return new MortiseError(code, `Cannot ${what}: ${why === undefined ? reason : `${why} (${reason})`}`, {
    cause: thrown,
  })
}

function sqlState(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** Where a server is asked for by several addresses, each failure is one of an AggregateError, whose own message is empty. */
function detailOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join(', ')
  return reasonOf(thrown)
}
