import { type ErrorCode, MortiseError } from '../errors.ts'

/** The status of a failure whose status is not what it usually is where it comes from. */
const statuses: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  EVENT_INVALID: 400,
  INPUT_INVALID: 400,
  OPTION_INVALID: 400,
  OPTION_UNKNOWN: 400,
  WEB_RESPONSE: 400,
  CODE_EMPTY: 400,
  DIGEST_MISMATCH: 400,
  TOKEN_REFUSED: 401,
  REQUEST_REFUSED: 403,
  ROLE_REFUSED: 403,
  SIGNATURE_REFUSED: 403,
  RUNTIME_NOT_ALLOWED: 403,
  FUNCTION_UNKNOWN: 404,
  ARTIFACT_ABSENT: 404,
  VERSION_ABSENT: 404,
  PATH_UNKNOWN: 404,
  PLUGIN_UNPLUGGED: 404,
  METHOD_REFUSED: 405,
  PLUGIN_EXISTS: 409,
  MOUNT_TAKEN: 409,
  REQUEST_TOO_LARGE: 413,
  INPUT_TOO_LARGE: 413,
  SMOKE_FAILED: 422,
  HANDOVER_FAILED: 422,
  ATTEMPTS_LIMIT: 429,
  STORE_FULL: 507,
  STORE_CLOSED: 503,
  STORE_CORRUPT: 500,
  STORE_FAILED: 500,
  STORE_READ_ONLY: 500,
  SERVER_DRAINING: 503,
  HOST_CLOSED: 503,
  VERSION_RETIRED: 503,
  QUEUE_FULL: 503,
  DEADLINE: 504,
}

/** An answer that is ready to be sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * A failure as a client is told of it: `{"error":"…","code":"…"}`, with what a compiler said and all problems of what was refused.
 *
 * @param usual - the status of what has none of its own; default 502: the function failed
 */
export function failure(error: unknown, usual = 502): Reply {
  const known = MortiseError.is(error)
  const code = known ? error.code : 'INTERNAL'
  const { problems, diagnostics, limit } = known ? error.details : {}
  const status = known ? (statuses[error.code] ?? usual) : 500
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(status === 503 && { 'retry-after': '1' }),
      ...(status === 429 && { 'retry-after': String(limit) }),
      ...(status === 413 && { connection: 'close' }),
    },
    body: `${JSON.stringify({ error: known ? error.message : 'The server failed', code, problems, diagnostics })}\n`,
  }
}

/** Whether an answer of a function is what may be answered: a JSON object or array, or `null`. */
export function isAnswer(line: string): boolean {
  const first = line.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== 'n') return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
