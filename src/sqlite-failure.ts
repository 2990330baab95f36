import { type ErrorCode, MortiseError, reasonOf } from './errors.ts'

/** Codes by SQLite's own primary result codes: https://sqlite.org/rescode.html */
const codes: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [3, 'STORE_READ_ONLY'],
  [5, 'STORE_BUSY'],
  [6, 'STORE_BUSY'],
  [8, 'STORE_READ_ONLY'],
  [11, 'STORE_CORRUPT'],
  [13, 'STORE_FULL'],
  [14, 'STORE_UNAVAILABLE'],
  [26, 'STORE_CORRUPT'],
])

/** Extended codes of a unique and of a primary key that are there already. */
const conflicts: ReadonlySet<number> = new Set([2067, 1555])

const advice: Partial<Readonly<Record<ErrorCode, string>>> = {
  STORE_BUSY: 'another process writes to it for longer than busyTimeout',
  STORE_CONFLICT: 'another row has the same key or the same values of a unique',
  STORE_CORRUPT: 'the file is damaged, or no database',
  STORE_FULL: 'the disk is full, or maxSize is reached',
  STORE_READ_ONLY: 'it is opened to be read only, or its file is',
  STORE_UNAVAILABLE: 'the file cannot be opened',
}

/** What a failure of SQLite is. */
export function sqliteFailure(what: string, thrown: unknown): MortiseError {
  if (MortiseError.is(thrown)) return thrown
  const known = typeof thrown === 'object' && thrown !== null && 'errcode' in thrown ? Number(thrown.errcode) : 0
  const code = conflicts.has(known) ? 'STORE_CONFLICT' : (codes.get(known & 0xff) ?? 'STORE_FAILED')
  const why = advice[code]
  const reason = reasonOf(thrown)
  return new MortiseError(code, `Cannot ${what}: ${why === undefined ? reason : `${why} (${reason})`}`, {
    cause: thrown,
  })
}
