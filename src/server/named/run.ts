import type { IncomingMessage, ServerResponse } from 'node:http'
import { MortiseError } from '../../errors.ts'
import { type Access, type Log, logAccess } from '../access.ts'
import { collectBody } from '../body.ts'
import type { Guard } from '../guard.ts'
import { identify } from '../identifier.ts'
import { type Listener, refuseDraining } from '../listener.ts'
import { overviewPath, type Registry } from '../registry.ts'
import { failure, isAnswer } from '../reply.ts'
import { activationOf, lineOf } from '../run-request.ts'

/** What {@link runPath} works with. */
export interface RunParts {
  readonly registry: Registry
  readonly guard: Guard
  readonly listener: Listener
  /** Lets requests pass whose sender may run functions, where not everybody may. */
  readonly admit: ((request: IncomingMessage) => Promise<void>) | undefined
  /** Bytes that the parameters of an activation may have. */
  readonly parameters: number
  /** Whether who asks is told that there should be something newer. */
  readonly detail: boolean
  /** Where requests are logged; `undefined` for nowhere. */
  readonly log: Log | undefined
}

/**
 * `POST /run` and `POST /run/<name>`, taken before anything is routed: it is what a server of functions does all day.
 *
 * @returns a function that takes a request, or says that it is not for it
 */
export function runPath(parts: RunParts): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const name = request.method === 'POST' ? functionOf(request.url ?? '') : undefined
    if (name === undefined) return false
    answer(parts, name, request, response)
    return true
  }
}

/** The name in `/run/<name>`, `default` for `/run` alone, and `undefined` for every other path. */
function functionOf(url: string): string | undefined {
  if (!url.startsWith('/run')) return undefined
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  if (path.length === 4) return 'default'
  return path[4] === '/' ? path.slice(5) : undefined
}

/** Without async functions: each of them costs a request as much as all that is done here. */
function answer(parts: RunParts, name: string, request: IncomingMessage, response: ServerResponse): void {
  const { registry, guard, listener, admit, parameters, detail, log } = parts
  const start = log === undefined ? 0 : performance.now()
  const id = identify(request)
  let version = 0
  const began = (number: number): void => {
    version = number
  }
  const fail = (error: unknown): void => {
    const { status, headers, body } = failure(error)
    if (status === 500) log?.error({ reqId: id, err: error }, 'An activation failed')
    const length = Buffer.byteLength(body)
    response.writeHead(status, { ...headers, 'content-length': length, 'x-request-id': id }).end(body)
    if (log !== undefined) logAccess(log, accessOf(request, id, status, start))
  }
  const succeed = (line: string): void => {
    if (!isAnswer(line)) return fail(noAnswer(name))
    const body = `${line}\n`
    if (listener.draining) response.shouldKeepAlive = false
    const length = Buffer.byteLength(body)
    const about = ['content-length', String(length), 'x-request-id', id, 'x-mortise-version', String(version)]
    if (detail && registry.broken(name) !== undefined) about.push('x-mortise-broken', overviewPath)
    response.writeHead(200, ['content-type', 'application/json', ...about])
    response.end(body, length === body.length ? 'latin1' : 'utf8')
    if (log !== undefined) logAccess(log, accessOf(request, id, 200, start))
  }
  const take = (): void => {
    const served = registry.get(name)
    const run = (body: Buffer): void => {
      const line = lineOf(body)
      served.run(line === '' ? '{}' : line, activationOf(line) ?? id, { began }).then(succeed, fail)
    }
    collectBody(request, parameters, run, fail)
  }
  try {
    guard.check(request)
    refuseDraining(listener)
    if (admit === undefined) take()
    else admit(request).then(take).catch(fail)
  } catch (error) {
    fail(error)
  }
}

function accessOf({ method = '', url = '' }: IncomingMessage, reqId: string, status: number, start: number): Access {
  return { reqId, method, url, status, ms: performance.now() - start }
}

const noAnswer = (name: string): MortiseError =>
  new MortiseError('GUEST_RESULT', `Cannot pass on what '${name}' answered: it is no JSON object or array`)
