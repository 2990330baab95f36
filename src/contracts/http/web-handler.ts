import { MortiseError, reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import { checkResponse, longestBody } from './check.ts'
import type { Handle } from './handler.ts'
import type { HttpRequest, HttpResponse } from './http.ts'

/**
 * What servers for JavaScript have agreed on: a function that takes a `Request` of the Fetch standard, and gives a `Response` or a
 * promise of one. Its body is read to the end.
 */
export function webHandler(fetch: (...args: unknown[]) => unknown): Handle {
  return (request) => {
    const asked = toRequest(request)
    return async (context) => read(await fetch(asked, context))
  }
}

/** The request as the Fetch standard has it, which allows less than HTTP: no `CONNECT`, no body with `GET`. */
function toRequest({ method, uri, headers, body }: HttpRequest): Request {
  try {
    const list = headers.map(([name, value]): [string, string] => [name, value])
    const init = { method, headers: list, ...(body.length > 0 && { body: Uint8Array.from(body) }) }
    return new Request(urlOf(uri, headers), init)
  } catch (cause) {
    const message = `Cannot make a request of '${method} ${uri.slice(0, 100)}': ${reasonOf(cause)}`
    throw new MortiseError('INPUT_INVALID', message, { hook: 'fetch', cause })
  }
}

/** A path is put behind the host that the request names; resolved, one that begins with `//` would take the host's place. */
export function urlOf(uri: string, headers: HttpRequest['headers']): string {
  if (!uri.startsWith('/')) return uri
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'localhost'
  if (!/^[\w.\-:[\]]+$/.test(host)) throw new TypeError(`'${host.slice(0, 60)}' is no host`)
  return `http://${host}${uri}`
}

async function read(response: unknown): Promise<HttpResponse> {
  if (!(response instanceof Response))
    throw new GuestFault('GUEST_RESULT', `it answered with what is no Response: ${kindOf(response)}`)
  if (response.bodyUsed) throw new GuestFault('GUEST_RESULT', 'it answered with a Response whose body was read already')
  const { status } = response
  const headers = [...response.headers]
  checkResponse({ status, headers, body: new Uint8Array() })
  return { status, headers, body: await readBody(response.body ?? []) }
}

/** Reads a body to its end, or to the limit; the rest is cancelled. */
export async function readBody(stream: AsyncIterable<unknown> | readonly unknown[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array))
      throw new GuestFault('GUEST_RESULT', `its response has a body with a ${typeof chunk} in it, and not bytes alone`)
    length += chunk.length
    if (length > longestBody) {
      throw new GuestFault(
        'OUTPUT_LIMIT',
        `its response has a body of more than ${longestBody} bytes. Answer with less`,
      )
    }
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, length))
}

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)
