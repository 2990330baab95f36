import type { IncomingMessage, ServerResponse } from 'node:http'
import { MortiseError, reasonOf } from '../../errors.ts'
import { type Log, logAccess } from '../access.ts'
import type { Guard } from '../guard.ts'
import { identify } from '../identifier.ts'
import { type Listener, refuseDraining } from '../listener.ts'
import { failure } from '../reply.ts'
import type { Token } from '../token.ts'
import { Bodies } from './bodies.ts'
import { healthOf } from './health.ts'
import type { ExtenderMetrics } from './metrics.ts'
import { type Answer, errorResult } from './results.ts'
import { type Verb, verbs, type Verbs } from './verbs.ts'

/** What {@link Requests} work with. */
export interface RequestParts {
  readonly verbs: Verbs
  readonly listener: Listener
  readonly guard: Guard
  readonly token: Token | undefined
  readonly metrics: ExtenderMetrics
  readonly maxBody: number
  readonly log: Log | undefined
  /** Whether requests can be answered. */
  readonly ready: () => boolean
}

/** Answers the requests of an extender: `POST /filter` and so on, `/healthz`, `/readyz`, `/metrics`. */
export class Requests {
  readonly #parts: RequestParts
  readonly #bodies: Bodies

  constructor(parts: RequestParts) {
    this.#parts = parts
    this.#bodies = new Bodies(parts.maxBody)
    parts.listener.server.on('request', (request, response) => void this.#answer(request, response))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now()
    const { listener, log, metrics } = this.#parts
    const { method = '', url = '' } = request
    const [path = ''] = url.split('?', 1)
    const verb = verbs.find((name) => path === `/${name}`)
    const reqId = identify(request)
    response.setHeader('x-request-id', reqId)
    if (listener.draining) response.setHeader('connection', 'close')
    try {
      if (verb === undefined) this.#answerOther(method, path, request, response)
      else send(response, 200, await this.#ask(verb, request, response))
    } catch (error) {
      const code = MortiseError.is(error) ? error.code : 'INTERNAL'
      if (verb !== undefined) metrics.failed(verb, code)
      log?.[code === 'INTERNAL' ? 'error' : 'warn'](
        { reqId, verb, code, err: { message: reasonOf(error) } },
        'A request failed',
      )
      answerFailure(error, verb, response)
    }
    const ms = performance.now() - began
    if (verb !== undefined) metrics.answered(verb, ms)
    if (log !== undefined) logAccess(log, { reqId, method, url: url.slice(0, 200), status: response.statusCode, ms })
  }

  async #ask(verb: Verb, request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    this.#admit(request)
    if (request.method !== 'POST')
      throw new MortiseError('METHOD_REFUSED', `Cannot ${request.method} here: this path takes POST`)
    const body = await this.#bodies.read(request)
    if (response.closed) {
      body.release()
      throw new MortiseError('REQUEST_INVALID', 'Cannot answer a request: whoever sent it is gone')
    }
    // Parts of it may be the answer.
    response.once('close', () => body.release())
    return this.#parts.verbs[verb](body.bytes)
  }

  #answerOther(method: string, path: string, request: IncomingMessage, response: ServerResponse): void {
    const { metrics, ready } = this.#parts
    const health = method === 'GET' ? healthOf(path, ready) : undefined
    if (health !== undefined) return send(response, health.status, health.body)
    this.#admit(request)
    if (method === 'GET' && path === '/metrics') return send(response, 200, metrics.text(), 'text/plain; version=0.0.4')
    throw new MortiseError('PATH_UNKNOWN', `There is no ${method} ${path.slice(0, 200)} here`)
  }

  /** @throws MortiseError `REQUEST_REFUSED`, `TOKEN_REFUSED`, `SERVER_DRAINING` */
  #admit(request: IncomingMessage): void {
    const { guard, token, listener } = this.#parts
    guard.check(request)
    token?.check(bearing(request))
    refuseDraining(listener)
  }
}

/** A token may also be the password of the extender's URL, the one place where a KubeSchedulerConfiguration can have it. */
function bearing(request: IncomingMessage): IncomingMessage {
  const [, basic] = /^basic +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? []
  if (basic !== undefined) {
    const pair = Buffer.from(basic, 'base64').toString()
    request.headers.authorization = `Bearer ${pair.slice(pair.indexOf(':') + 1)}`
  }
  return request
}

/** What is refused before a verb is asked has a status, all that kube-scheduler says of it. */
const outside: ReadonlySet<string> = new Set([
  'REQUEST_REFUSED',
  'TOKEN_REFUSED',
  'SERVER_DRAINING',
  'METHOD_REFUSED',
  'QUEUE_FULL',
])

/** The results of filter and bind have a place for an error, whose text kube-scheduler shows; those of the other verbs have none. */
function answerFailure(error: unknown, verb: Verb | undefined, response: ServerResponse): void {
  const known = MortiseError.is(error)
  const { status, headers, body } = failure(error, 500)
  const result = errorResult(known ? error.message : 'The extender failed')
  if (response.headersSent) {
    response.destroy()
  } else if (verb === undefined) {
    response.writeHead(status, headers).end(body)
  } else if ((verb === 'filter' || verb === 'bind') && !(known && outside.has(error.code))) {
    send(response, 200, result)
  } else {
    response.writeHead(status, headers).end(result)
  }
}

function send(response: ServerResponse, status: number, body: Answer, type = 'application/json'): void {
  const parts = typeof body === 'string' ? [Buffer.from(body)] : body
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  response.writeHead(status, { 'content-type': type, 'content-length': length })
  response.cork()
  for (const part of parts) response.write(part)
  response.end()
}
