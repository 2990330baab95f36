import type { ServerResponse } from 'node:http'
import type { HttpResponse } from '../../contracts/http/http.ts'

/** What is the server's to say. */
const own: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-mortise-broken',
  'x-mortise-version',
  'x-request-id',
])
const withoutBody: ReadonlySet<number> = new Set([204, 304])

/**
 * Sends what a handler answered, which the contract has looked at.
 *
 * @param method - of the request: to `HEAD` nothing but headers is sent
 * @param more - headers of the server's own
 */
export function sendResponse(
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
  method: string,
  more: readonly string[],
): void {
  const list = [...more]
  let length = withoutBody.has(status) ? undefined : String(body.length)
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (!own.has(lower)) list.push(name, value)
    // What there would be for GET is for the handler to say.
    else if (lower === 'content-length' && method === 'HEAD' && body.length === 0 && /^\d{1,15}$/.test(value))
      length = value
  }
  if (length !== undefined) list.push('content-length', length)
  response.writeHead(status, list)
  if (method === 'HEAD') response.end()
  else response.end(body)
}
