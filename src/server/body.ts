import type { IncomingMessage } from 'node:http'
import { MortiseError, reasonOf } from '../errors.ts'

/**
 * Reads the body of a request. What is beyond the limit is read too, and dropped, so that the client hears why.
 *
 * @param limit - bytes that it may have
 * @throws MortiseError `REQUEST_TOO_LARGE`; `REQUEST_INVALID` where the client went away before its end
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const asked = Number(request.headers['content-length'] ?? 0)
    const refuse = (): void => {
      chunks.length = 0
      reject(
        new MortiseError('REQUEST_TOO_LARGE', `Cannot take the body of a request: it has more than ${limit} bytes`, {
          asked: Math.max(asked, length),
          limit,
        }),
      )
    }
    if (asked > limit) refuse()
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else if (length - chunk.length <= limit) refuse()
    })
    request.once('end', () => resolve(only(chunks)))
    request.once('error', (cause) =>
      reject(new MortiseError('REQUEST_INVALID', `Cannot read the body of a request: ${reasonOf(cause)}`, { cause })),
    )
  })
}

/** Most bodies come in one piece, which need not be copied. */
function only(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
}
