import { type Agent, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { replyError } from './reply.ts'

/** Where a request is passed on to: a port of this machine, or a Unix socket. */
export type Target = { readonly host: string; readonly port: number } | { readonly socketPath: string }

/** How it is passed on. */
export interface Passing {
  /** Milliseconds until the answer has to begin. */
  readonly deadline: number
  /** Connections that are kept; without, each request has one of its own. */
  readonly agent?: Agent
  /** Answers where nobody listens; the request is unread then. */
  readonly otherwise?: () => void
}

/** Headers that are about one connection: RFC 9110, 7.6.1. */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Passes a request on and its answer back, as both come. What goes wrong is answered with 502, and 504 for one that takes too long. */
export function passOn(request: IncomingMessage, response: ServerResponse, to: Target, how: Passing): void {
  const onward = send({
    ...to,
    agent: how.agent ?? false,
    method: request.method,
    path: request.url,
    headers: [
      ...endToEnd(request),
      'connection',
      how.agent === undefined ? 'close' : 'keep-alive',
      ...(request.headers['transfer-encoding'] === undefined ? [] : ['transfer-encoding', 'chunked']),
    ],
  })
  let connected = false
  let failed = false
  const fail = (status: number, why: string): void => {
    if (failed) return
    failed = true
    clearTimeout(timer)
    request.unpipe(onward)
    onward.destroy()
    replyError(response, status, why)
  }
  const timer = setTimeout(
    () => fail(504, `the program has not begun to answer within ${how.deadline} ms`),
    Math.min(how.deadline, 2 ** 31 - 1),
  )
  // What is not read yet can still be answered by somebody else.
  onward.once('socket', (socket) => {
    const begin = (): void => {
      connected = true
      request.pipe(onward)
    }
    if (socket.connecting) socket.once('connect', begin)
    else begin()
  })
  onward.once('response', (answer) => {
    clearTimeout(timer)
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer))
    answer.pipe(response)
    answer.once('error', () => response.destroy())
  })
  onward.once('error', ({ message }) => {
    if (connected || how.otherwise === undefined || failed) return fail(502, `the program did not answer: ${message}`)
    failed = true
    clearTimeout(timer)
    how.otherwise()
  })
  response.once('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished) onward.destroy()
  })
}

/** The headers as they were written, without those of the connection. */
function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  const kept: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const lower = name.toLowerCase()
    if (!ofConnection.has(lower) && !named.has(lower)) kept.push(name, rawHeaders[index + 1] ?? '')
  }
  return kept
}

/** How a server of this machine is reached that listens at an address. */
export function targetAt(address: AddressInfo | string | null): Target {
  if (typeof address === 'string') return { socketPath: address }
  if (address === null) throw new TypeError('a server that does not listen has no address')
  const { address: host, port } = address
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port }
}
