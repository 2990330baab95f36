import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { reasonOf } from '../../errors.ts'
import { checkResponse } from './check.ts'
import { usable } from './node-handler.ts'
import { urlOf } from './web-handler.ts'

type Fetch = (request: Request) => unknown

/** Answers a request of a server by a function of the Fetch standard, bodies as they come: a request that is none is 400. */
export async function serveWeb(fetch: Fetch, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  let request
  try {
    request = toRequest(incoming, gone.signal)
  } catch (error) {
    outgoing.writeHead(400, { 'content-type': 'text/plain' }).end(`The request cannot be read: ${reasonOf(error)}\n`)
    return
  }
  const response: unknown = await fetch(request)
  if (!(response instanceof Response)) throw new TypeError('The handler answered with what is no Response')
  const { status, body } = response
  const headers = usable([...response.headers])
  checkResponse({ status, headers, body: new Uint8Array() })
  outgoing.writeHead(status, headers.flat())
  if (body === null || incoming.method === 'HEAD') {
    outgoing.end()
    await body?.cancel()
    return
  }
  try {
    await pipeline(Readable.from(body), outgoing)
  } catch (error) {
    // Nobody is there any more who could be told.
    if (!gone.signal.aborted) throw error
  }
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', rawHeaders } = incoming
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index): [string, string] => [
    rawHeaders[2 * index] ?? '',
    rawHeaders[2 * index + 1] ?? '',
  ])
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: Readable.toWeb(incoming), duplex: 'half' as const }
  return new Request(urlOf(url, headers), { method, headers, signal, ...body })
}
