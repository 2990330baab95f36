import { once } from 'node:events'
import { closeSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { refusal } from '../../handover/browser.ts'
import { exit } from '../../handover/exit.ts'
import { type Inherited, takeInherited } from '../../handover/inherited.ts'
import { leave } from '../../handover/leave.ts'
import { passOn } from '../../handover/pass-on.ts'
import { replyError } from '../../handover/reply.ts'
import { parseTimer } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'
import { stackOf } from '../../rejection.ts'
import type { EsmContext } from '../../units.ts'
import { handlerIn } from './handler.ts'
import { within } from '../../within.ts'
import { serveWeb } from './serve-web.ts'

/** How {@link start} serves. */
export interface StartOptions {
  /** Port to listen on. Default: `PORT` of the environment, else 8080. */
  readonly port?: number
  /** Address to listen at. Default `127.0.0.1`; a container needs `0.0.0.0`. */
  readonly host?: string
  /** The path that says whether it serves, and that the handler never sees; `false` for none. Default `/healthz`. */
  readonly health?: string | false
  /** How long requests may take once it is told to end: milliseconds, or text like `'10 s'`. Default 30 s. */
  readonly drain?: number | string
}

const longest = 2 ** 31 - 1

/** Milliseconds that `dispose` may take. */
const longestEnd = 5000

/**
 * Serves a handler alone, as a plain service: the file that is reloaded in a server while it is written is the file that runs in
 * production.
 *
 * It listens on `PORT`, or at the socket that it was handed (`LISTEN_FDS`). On `SIGTERM` and `SIGINT` it takes no more connections,
 * answers what it has begun, calls `dispose` where the module exports that, and ends the process. Bodies go as they come, in both
 * directions and of any length. What the handler throws is answered with 500 and printed on stderr. Nothing limits it.
 *
 * @param handler - a module, as `import * as` gives it, that exports `default.fetch` or `Handler`; or an object with `fetch`
 * @param options - validated at once
 * @returns the address that it serves at, such as `http://127.0.0.1:8080`, when it does
 * @throws MortiseError `MODULE_REFUSED` for a module without a handler, `OPTION_UNKNOWN`, `OPTION_INVALID`; Node's own error where it
 *   cannot listen
 *
 * @example
 * ```ts
 * import { start } from 'mortise/http'
 *
 * const site = { fetch: (request: Request): Response => new Response(`You asked for ${request.url}`) }
 * export const serve = (): Promise<string> => start(site, { host: '0.0.0.0' })
 * ```
 */
export async function start(handler: object, options: StartOptions = {}): Promise<string> {
  checkKeys(options, ['port', 'host', 'health', 'drain'], 'start()')
  const {
    port = Number(process.env['PORT'] ?? 8080),
    host = '127.0.0.1',
    health = '/healthz',
    drain = 30_000,
  } = options
  checkOption('port', port, Number.isInteger(port) && port >= 0 && port < 65_536, 'a port from 0 to 65535')
  checkOption('host', host, typeof host === 'string' && host !== '', 'an address')
  const path = health === false || (typeof health === 'string' && health.startsWith('/'))
  checkOption('health', health, path, "a path that begins with '/', or false")
  const serve = servingOf(handler)
  const inherited = takeInherited()
  const service = new Service(serve, { health, drain: parseTimer('drain', drain), inherited, end: endOf(handler) })
  return service.listen(inherited.socket === undefined ? { port, host } : { fd: inherited.socket })
}

type Serve = (request: IncomingMessage, response: ServerResponse) => unknown

function servingOf(handler: object): Serve {
  const { kind, call } = handlerIn(
    'fetch' in handler && !('default' in handler) ? { default: handler } : { ...handler },
  )
  if (kind === 'node') return call
  return (request, response) => serveWeb((asked) => call(asked, context), request, response)
}

/** What ends what the module has running, if it says so. */
function endOf(handler: object): () => Promise<void> {
  const dispose: unknown = Reflect.get(handler, 'dispose')
  return async () => {
    if (typeof dispose === 'function') await Reflect.apply(dispose, handler, [])
  }
}

const printTo = (stream: NodeJS.WriteStream) => (message: unknown) => void stream.write(`${String(message)}\n`)

/** As a plugin has it; the configuration of a service is its environment. */
const context: EsmContext = {
  get config() {
    return Object.fromEntries(Object.entries(process.env).map(([name, value = '']) => [name, value]))
  },
  get log() {
    const [out, err] = [printTo(process.stdout), printTo(process.stderr)]
    return { debug: out, info: out, warn: err, error: err }
  },
}

interface ServiceParts {
  readonly health: string | false
  readonly drain: number
  readonly inherited: Inherited
  readonly end: () => Promise<void>
}

class Service {
  readonly #serve: Serve
  readonly #parts: ServiceParts
  readonly #server: Server
  #loopback = true
  #leaving = false

  constructor(serve: Serve, parts: ServiceParts) {
    this.#serve = serve
    this.#parts = parts
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  async listen(at: { port: number; host: string } | { fd: number }): Promise<string> {
    this.#server.listen(at)
    await once(this.#server, 'listening')
    const { ready, init } = this.#parts.inherited
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void this.#leave())
    // The supervisor holds the other end for as long as it lives.
    if (init !== undefined) process.stdin.on('end', () => void this.#leave()).resume()
    if (ready !== undefined) writeSync(ready, '\n')
    const address = this.#server.address()
    this.#loopback = typeof address === 'object' && /^(?:127\.|::1$)/.test(address?.address ?? '')
    if (typeof address === 'string' || address === null) return address ?? ''
    return `http://${address.address.includes(':') ? `[${address.address}]` : address.address}:${address.port}`
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#leaving) response.shouldKeepAlive = false
    if (this.#isHealth(request)) {
      response.writeHead(this.#leaving ? 503 : 200, { 'content-type': 'application/json' })
      response.end(`{"ok":${!this.#leaving}}\n`)
      return
    }
    if (this.#passedOn(request, response)) return
    try {
      await this.#serve(request, response)
    } catch (error) {
      process.stderr.write(`${stackOf(error)}\n`)
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error\n')
    }
    if (this.#leaving) response.shouldKeepAlive = false
  }

  /** Under a supervisor the next program is for that. */
  #passedOn(request: IncomingMessage, response: ServerResponse): boolean {
    const { init: socketPath } = this.#parts.inherited
    if (socketPath === undefined || request.method !== 'POST' || request.url !== '/init') return false
    const refused = refusal(request, this.#loopback)
    if (refused !== undefined) replyError(response, 403, refused)
    else passOn(request, response, { socketPath }, { deadline: longest })
    return true
  }

  #isHealth({ method, url }: IncomingMessage): boolean {
    const { health } = this.#parts
    return (method === 'GET' || method === 'HEAD') && health !== false && url?.split('?', 1)[0] === health
  }

  async #leave(): Promise<void> {
    if (this.#leaving) return
    this.#leaving = true
    const { drain, inherited, end } = this.#parts
    const left = leave(this.#server, drain)
    // Says that no connection is taken any more.
    if (inherited.ready !== undefined) closeSync(inherited.ready)
    await left
    try {
      await within(longestEnd, "the promise of 'dispose'", end())
    } catch (error) {
      process.stderr.write(`${stackOf(error)}\n`)
    }
    await exit()
  }
}
