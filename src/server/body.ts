import type { IncomingMessage } from 'node:http'
import { MortiseError, reasonOf } from '../errors.ts'

/**
 * Reads the body of a request.
 *
 * @param limit - bytes that it may have
 * @throws MortiseError `REQUEST_TOO_LARGE`; `REQUEST_INVALID` where the client went away before its end
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    collectBody(request, limit, resolve, reject)
  })
}

/**
 * The same without a promise, of which either `done` or `failed` is called. What is beyond the limit is read too, and dropped, so that the
 * client hears why.
 */
export function collectBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Buffer) => void,
  failed: (error: MortiseError) => void,
): void {
  const chunks: Buffer[] = []
  let length = Number(request.headers['content-length'] ?? 0) > limit ? Infinity : 0
  const fail = (): void => {
    chunks.length = 0
    failed(
      new MortiseError('REQUEST_TOO_LARGE', `Cannot take the body of a request: it has more than ${limit} bytes`, {
        limit,
      }),
    )
  }
  if (length > limit) fail()
  request.on('data', (chunk: Buffer) => {
    if (length > limit) return
    length += chunk.length
    if (length <= limit) chunks.push(chunk)
    else fail()
  })
  request.on('end', () => {
    if (length <= limit) done(only(chunks))
  })
  request.on('error', (cause) => {
    if (length > limit) return
    failed(new MortiseError('REQUEST_INVALID', `Cannot read the body of a request: ${reasonOf(cause)}`, { cause }))
  })
}

/** Most bodies come in one piece, which need not be copied. */
function only(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
}
