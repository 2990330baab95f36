import { MortiseError } from '../errors.ts'

/** What Fastify refuses by itself, in our words. */
export function asOurs(error: unknown): unknown {
  if (MortiseError.is(error) || !(error instanceof Error) || !('statusCode' in error)) return error
  const { statusCode: status, message } = error
  if (status === 413)
    return new MortiseError('REQUEST_TOO_LARGE', `Cannot take a request: ${message}`, { cause: error })
  if (typeof status === 'number' && status < 500)
    return new MortiseError('REQUEST_INVALID', `Cannot take a request: ${message}`, { cause: error })
  return error
}
