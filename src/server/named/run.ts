import type { IncomingMessage, ServerResponse } from 'node:http'
import { MortiseError } from '../../errors.ts'
import { type Log, logAccess } from '../access.ts'
import { readBody } from '../body.ts'
import type { Guard } from '../guard.ts'
import { identify } from '../identifier.ts'
import { type Listener, refuseDraining } from '../listener.ts'
import type { Registry } from '../registry.ts'
import { failure, isAnswer } from '../reply.ts'
import { activationOf, lineOf } from '../run-request.ts'

/** What {@link runPath} works with. */
export interface RunParts {
  readonly registry: Registry
  readonly guard: Guard
  readonly listener: Listener
  /** Bytes that the parameters of an activation may have. */
  readonly parameters: number
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
    void answer(parts, name, request, response)
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

async function answer(
  parts: RunParts,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log } = parts
  const start = log === undefined ? 0 : performance.now()
  const id = identify(request)
  let status = 200
  try {
    const body = `${await run(parts, name, request, id)}\n`
    if (parts.listener.draining) response.shouldKeepAlive = false
    const length = String(Buffer.byteLength(body))
    response.writeHead(200, ['content-type', 'application/json', 'content-length', length, 'x-request-id', id])
    response.end(body)
  } catch (error) {
    const reply = failure(error)
    status = reply.status
    if (status === 500) log?.error({ reqId: id, err: error }, 'An activation failed')
    const length = Buffer.byteLength(reply.body)
    response.writeHead(status, { ...reply.headers, 'content-length': length, 'x-request-id': id }).end(reply.body)
  }
  if (log === undefined) return
  const { method = '', url = '' } = request
  logAccess(log, { reqId: id, method, url, status, ms: performance.now() - start })
}

async function run(
  { registry, guard, listener, parameters }: RunParts,
  name: string,
  request: IncomingMessage,
  id: string,
): Promise<string> {
  guard.check(request)
  refuseDraining(listener)
  const served = registry.get(name)
  const line = lineOf(await readBody(request, parameters))
  const answered = await served.run(line === '' ? '{}' : line, activationOf(line) ?? id)
  if (isAnswer(answered)) return answered
  throw new MortiseError('GUEST_RESULT', `Cannot pass on what '${name}' answered: it is no JSON object or array`)
}
