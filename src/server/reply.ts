import { type ErrorCode, MortiseError } from '../errors.ts'

/** The status of a failure; all others are 502: the function failed. */
const statuses: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  EVENT_INVALID: 400,
  INPUT_INVALID: 400,
  OPTION_INVALID: 400,
  OPTION_UNKNOWN: 400,
  WEB_RESPONSE: 400,
  CODE_EMPTY: 400,
  TOKEN_REFUSED: 401,
  REQUEST_REFUSED: 403,
  RUNTIME_NOT_ALLOWED: 403,
  FUNCTION_UNKNOWN: 404,
  PATH_UNKNOWN: 404,
  PLUGIN_UNPLUGGED: 404,
  REQUEST_TOO_LARGE: 413,
  INPUT_TOO_LARGE: 413,
  SERVER_DRAINING: 503,
  HOST_CLOSED: 503,
  QUEUE_FULL: 503,
  DEADLINE: 504,
}

/** An answer that is ready to be sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A failure as a client is told of it: `{"error":"…","code":"…"}`, with what a compiler said and all problems of what was refused. */
export function failure(error: unknown): Reply {
  const known = MortiseError.is(error)
  const code = known ? error.code : 'INTERNAL'
  const { problems, diagnostics } = known ? error.details : {}
  const status = known ? (statuses[error.code] ?? 502) : 500
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(status === 503 && { 'retry-after': '1' }),
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
