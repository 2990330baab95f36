import { catalogue, type Diagnostic, type ErrorCode, type ErrorDetails, MortiseError, reasonOf } from '../errors.ts'

/** The error that a server has answered with: its code and its sentence, as if it had been thrown here. */
export function refusal(status: number, body: unknown): MortiseError {
  const { error, code, problems, diagnostics } = fieldsOf(body)
  const sentence = typeof error === 'string' ? error : undefined
  if (sentence !== undefined && isCode(code)) {
    return new MortiseError(code, sentence, {
      ...(isTexts(problems) && { problems }),
      ...(isDiagnostics(diagnostics) && { diagnostics }),
    } satisfies ErrorDetails)
  }
  const said = sentence ?? 'nothing that a deploy API says. Is it the URL of one?'
  return new MortiseError('SERVER_ANSWER', `The server answered ${status}: ${said}`, { status })
}

/**
 * What kept a request from being answered.
 *
 * @param may - whether it may have had its effect all the same
 */
export function unreachable(where: string, thrown: unknown, may: boolean): MortiseError {
  if (MortiseError.is(thrown)) return thrown
  // Of all addresses of a host one failure says enough.
  const first: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown
  const why = reasons.get(codeOf(first)) ?? reasonOf(first)
  const effect = may ? '. What was asked for may have happened: list what is live' : ''
  return new MortiseError('SERVER_UNREACHABLE', `Cannot reach the server at ${where}: ${why}${effect}`, {
    cause: thrown,
  })
}

const untrusted = 'its certificate is signed by nobody who is trusted here. Give the certificate of its CA'
const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there. mortise serve --store starts a server'],
  ['ENOENT', 'there is no such socket. mortise serve --store starts a server'],
  ['EACCES', 'the socket is another user’s'],
  ['ENOTFOUND', 'there is no such host'],
  ['ECONNRESET', 'the connection broke off'],
  ['EPIPE', 'the connection broke off'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', untrusted],
  ['EPROTO', 'it does not speak TLS as this does. Is it http:?'],
  ['HPE_INVALID_CONSTANT', 'it does not speak HTTP. Is it https:?'],
])

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const isCode = (value: unknown): value is ErrorCode => typeof value === 'string' && Object.hasOwn(catalogue, value)

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const isDiagnostics = (value: unknown): value is readonly Diagnostic[] =>
  Array.isArray(value) &&
  value.every((item) => {
    const { message, file, line, column } = fieldsOf(item)
    const counted = [line, column].every((each) => each === undefined || typeof each === 'number')
    return typeof message === 'string' && (file === undefined || typeof file === 'string') && counted
  })

/** The fields of what came as JSON, whatever it is. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
