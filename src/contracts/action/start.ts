import { closeSync, writeSync } from 'node:fs'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { once } from 'node:events'
import { exit } from '../../handover/exit.ts'
import { refusal } from '../../handover/browser.ts'
import { type Inherited, takeInherited } from '../../handover/inherited.ts'
import { leave } from '../../handover/leave.ts'
import { type Target, passOn, targetAt } from '../../handover/pass-on.ts'
import { readBody, reply, replyError, replyOk } from '../../handover/reply.ts'
import { Succession } from '../../handover/succession.ts'
import { parseSize } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'
import { type ActionFunction, run } from './run.ts'

/** How {@link start} serves. */
export interface StartOptions {
  /** Port to listen on. Default: `PORT` of the environment, else 8080. */
  readonly port?: number
  /** Address to listen at. Default `127.0.0.1`; a container needs `0.0.0.0`. */
  readonly host?: string
  /** Bytes that the body of `/run` may take, or text like `'1 MiB'`, which is the default. */
  readonly body?: number | string
}

/** Milliseconds that requests have to end when the server does. */
const drain = 30_000
const longest = 2 ** 31 - 1

/**
 * Makes a function a server that can be replaced: `/run` calls it, and `/init` takes a program that takes the server's place.
 *
 * It serves from the listening socket that it was handed (`LISTEN_FDS`), else on a port. Under `mortise serve --takeover` a program that
 * is posted goes to that supervisor. On its own, the server starts the program with its own listening socket, and once that serves it
 * takes no more connections, answers what it has begun, passes on what comes late, and ends. A program that does not get ready changes
 * nothing. It ends the same way on `SIGTERM` and `SIGINT`.
 *
 * Requests of web pages are refused; whoever else reaches the port may post a program, which runs as the user of this one.
 *
 * @param main - gets `value` of the request; what it throws is answered as `{"error":…}` and printed on stderr
 * @param options - validated at once
 * @returns the address that it serves at, such as `http://127.0.0.1:8080`, when it does
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`; Node's own error where it cannot listen
 * @see docs/takeover.md for the protocol
 *
 * @example
 * ```ts
 * import { start } from 'mortise/action'
 *
 * export const serve = (): Promise<string> => start(({ name }) => ({ greetings: `Hello, ${String(name)}` }))
 * ```
 */
export async function start(main: ActionFunction, options: StartOptions = {}): Promise<string> {
  checkKeys(options, ['port', 'host', 'body'], 'start()')
  const { port = Number(process.env['PORT'] ?? 8080), host = '127.0.0.1', body = 2 ** 20 } = options
  checkOption('main', main, typeof main === 'function', 'a function')
  checkOption('port', port, Number.isInteger(port) && port >= 0 && port < 65_536, 'a port from 0 to 65535')
  checkOption('host', host, typeof host === 'string' && host !== '', 'an address')
  const inherited = takeInherited()
  const server = new ActionServer(main, parseSize('body', body, '1 MiB'), inherited)
  return server.listen(inherited.socket === undefined ? { port, host } : { fd: inherited.socket })
}

class ActionServer {
  readonly #main: ActionFunction
  readonly #limit: number
  readonly #inherited: Inherited
  readonly #server: Server
  readonly #succession: Succession
  #target: Target | undefined
  #loopback = true
  #leaving = false

  constructor(main: ActionFunction, limit: number, inherited: Inherited) {
    this.#main = main
    this.#limit = limit
    this.#inherited = inherited
    this.#server = createServer((request, response) => this.#answer(request, response))
    this.#succession = new Succession(this.#server)
  }

  async listen(at: { port: number; host: string } | { fd: number }): Promise<string> {
    this.#server.listen(at)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    this.#target = targetAt(address)
    const shown = 'socketPath' in this.#target ? this.#target.socketPath : this.#target.host
    this.#loopback = typeof address === 'object' && /^(?:127\.|::1$)/.test(address?.address ?? '')
    const { ready, init } = this.#inherited
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void this.#leave())
    // The supervisor holds the other end for as long as it lives.
    if (init !== undefined) process.stdin.on('end', () => void this.#leave()).resume()
    if (ready !== undefined) writeSync(ready, '\n')
    return 'port' in this.#target ? `http://${shown.includes(':') ? `[${shown}]` : shown}:${this.#target.port}` : shown
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#leaving) response.shouldKeepAlive = false
    const refused = refusal(request, this.#loopback)
    if (refused !== undefined) return replyError(response, 403, refused)
    const [path] = (request.url ?? '').split('?')
    if (path === '/run') return this.#run(request, response)
    if (path === '/init') return this.#init(request, response)
    return replyError(response, 404, 'there is /run and /init')
  }

  #run(request: IncomingMessage, response: ServerResponse): void {
    if (this.#leaving) this.#passOn(request, response, () => void this.#call(request, response))
    else void this.#call(request, response)
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request, this.#limit)
      if (body === undefined) {
        response.shouldKeepAlive = false
        return replyError(response, 413, `the body may take ${this.#limit} bytes`)
      }
      const { status, json } = await run(this.#main, body.toString())
      if (this.#leaving) response.shouldKeepAlive = false
      reply(response, status, json)
    } catch {
      // The client has gone.
      response.destroy()
    }
  }

  #init(request: IncomingMessage, response: ServerResponse): void {
    const { init: socketPath } = this.#inherited
    if (socketPath !== undefined) return passOn(request, response, { socketPath }, { deadline: longest })
    if (this.#leaving) return this.#passOn(request, response)
    this.#succession.take(request).then(
      () => {
        const left = this.#leave()
        response.shouldKeepAlive = false
        replyOk(response)
        return left
      },
      (error: unknown) => this.#succession.refuse(response, error),
    )
  }

  /** To the server that has taken this one's place; where there is none, this one answers to the end. */
  #passOn(request: IncomingMessage, response: ServerResponse, otherwise?: () => void): void {
    if (this.#target === undefined) return otherwise?.()
    passOn(request, response, this.#target, { deadline: longest, ...(otherwise !== undefined && { otherwise }) })
  }

  async #leave(): Promise<void> {
    if (this.#leaving) return
    this.#leaving = true
    const left = leave(this.#server, drain)
    // Descriptors are closed once what they stand for has stopped: this one says that no connection is taken any more.
    if (this.#inherited.ready !== undefined) closeSync(this.#inherited.ready)
    await left
    await exit()
  }
}
