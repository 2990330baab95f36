import {
  createServer,
  type IncomingMessage,
  METHODS,
  request as send,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'
import { type Duplex, duplexPair } from 'node:stream'
import { MortiseError, reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { EsmContext } from '../../units.ts'
import { checkResponse } from './check.ts'
import type { Handle } from './handler.ts'
import type { HttpHeaders, HttpRequest, HttpResponse } from './http.ts'
import { readBody } from './web-handler.ts'

type Handler = (...args: unknown[]) => unknown

/** Bytes that headers may have, on either side: a server of Node's own takes 16 KiB. */
const maxHeaderSize = 2 ** 20

/** What is about a connection, and there is none. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * What servers of Node have: a function that takes an `IncomingMessage` and a `ServerResponse`. Both are Node's own, at the two ends of
 * a connection in memory, so that all of their methods, events and streams do what they do behind a socket.
 */
export function nodeHandler(handler: Handler): Handle {
  return (request) => {
    check(request)
    return (context) => exchange(handler, request, context)
  }
}

/** What Node's own client and server would refuse, each in its way. */
function check({ method, uri, headers }: HttpRequest): void {
  try {
    if (method === 'CONNECT' || !METHODS.includes(method)) throw new TypeError('Node takes no such method')
    if (!/^[\u0021-\u00ff]+$/.test(uri)) throw new TypeError('the URI has characters that HTTP does not allow')
    for (const [name, value] of headers) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  } catch (cause) {
    const message = `Cannot make a request of '${method} ${uri.slice(0, 100)}': ${reasonOf(cause)}`
    throw new MortiseError('INPUT_INVALID', message, { hook: 'fetch', cause })
  }
}

/** One connection for one request: whatever runs because of it runs in the asynchronous context of its call. */
async function exchange(
  handler: Handler,
  request: HttpRequest,
  { log }: Pick<EsmContext, 'log'>,
): Promise<HttpResponse> {
  const failed = Promise.withResolvers<never>()
  const server = createServer({ requireHostHeader: false, maxHeaderSize }, (incoming, response) => {
    response.sendDate = false
    const call = async (): Promise<unknown> => handler(incoming, response)
    call().catch((thrown: unknown) => {
      // Who has answered and fails then has answered; a server of Node's own would end here.
      if (response.writableEnded) late(log, thrown)
      else failed.reject(thrown)
    })
  })
  server.on('clientError', ({ message }) =>
    failed.reject(new GuestFault('INPUT_INVALID', `the request cannot be read: ${message}`)),
  )
  const [near, far] = duplexPair()
  server.emit('connection', far)
  try {
    return await Promise.race([ask(near, request), failed.promise])
  } finally {
    near.destroy()
    far.destroy()
  }
}

function late(log: EsmContext['log'], thrown: unknown): void {
  try {
    log.error(`It failed after it had answered: ${reasonOf(thrown)}`)
  } catch {
    // It has logged as much as a call may, so that its failure is no news.
  }
}

async function ask(socket: Duplex, { method, uri, headers, body }: HttpRequest): Promise<HttpResponse> {
  const counted = body.length > 0 || headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name))
  const others = usable(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  const sent = counted ? [...others, ['content-length', String(body.length)]] : others
  const options = { method, path: uri, headers: sent.flat(), setHost: false, maxHeaderSize }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const client = send({ ...options, createConnection: () => socket }, resolve)
  client.on('error', reject).end(body)
  try {
    const incoming = await promise
    const response = { status: incoming.statusCode ?? 0, headers: usable(pairs(incoming.rawHeaders)) }
    checkResponse({ ...response, body: new Uint8Array() })
    return { ...response, body: await readBody(incoming) }
  } catch (cause) {
    if (cause instanceof GuestFault) throw cause
    throw new GuestFault('GUEST_RESULT', `its answer is none: ${reasonOf(cause)}`)
  }
}

/** Those that are of the message, and not of the connection that it comes by. */
export const usable = (headers: HttpHeaders): HttpHeaders =>
  headers.filter(([name]) => !ofConnection.has(name.toLowerCase()))

const pairs = (raw: readonly string[]): HttpHeaders =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? ''] as const)
