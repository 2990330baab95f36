import type { IncomingMessage } from 'node:http'
import type { HttpRequest } from '../../contracts/http/http.ts'

/** What is about a connection, not about a request. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
])

/** The path of a request, without its query; `undefined` for what is none, such as `*`. */
export function pathOf(url: string): string | undefined {
  const from = url.startsWith('/') ? url : /^https?:\/\/[^/?#]+(\/.*)$/i.exec(url)?.[1]
  return from?.split(/[?#]/, 1)[0]
}

/**
 * A request as a handler gets it, with its body.
 *
 * @param id - what the request is called in logs, which the handler finds as `x-request-id`
 */
export function toRequest(
  { method = '', url = '', rawHeaders }: IncomingMessage,
  body: Buffer,
  id: string,
): HttpRequest {
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    if (!ofConnection.has(name.toLowerCase())) headers.push([name, value])
  }
  headers.push(['x-request-id', id])
  return { method, uri: url, headers, body }
}
