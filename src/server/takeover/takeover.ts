import type { IncomingMessage, ServerResponse } from 'node:http'
import { reasonOf } from '../../errors.ts'
import { largestInit, readPosted } from '../../handover/posted.ts'
import { passOn } from '../../handover/pass-on.ts'
import { readBody, replyError, replyOk } from '../../handover/reply.ts'
import { statusOf } from '../../handover/succession.ts'
import { InitSocket } from './init-socket.ts'
import { Door } from './door.ts'
import { type TakeoverOptions, type TakeoverSettings, parseTakeover } from './options.ts'
import { Stage } from './stage.ts'

/** A server whose place posted programs take. */
export interface TakeoverServer extends AsyncDisposable {
  /** Where it is reached, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Takes no more requests, and ends the program once it has answered those that it has, or when its time is over. */
  close(): Promise<void>
}

/**
 * Serves whatever program was posted last. `/init` takes a program that is a server itself: an executable, a script or a module for Node.
 * Once it serves, it takes the place of the one before, which ends when it has answered what it has begun; where it does not get ready
 * nothing changes, and the answer says why. Any other request is for the program.
 *
 * A program that knows how is handed the listening socket and takes connections by itself; for one that listens on `PORT` this server
 * passes requests on. One that ends is started again, with pauses that get longer, and until it serves requests are answered with 503.
 *
 * Who can reach `/init` can run programs as the user of this process: it belongs into a container, or behind `admit`.
 *
 * @param options - validated at once
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, `LISTEN_FAILED`
 * @see docs/takeover.md for what a program is told, and how it answers
 */
export async function serveTakeover(options: TakeoverOptions = {}): Promise<TakeoverServer> {
  const takeover = new Takeover(parseTakeover(options))
  await takeover.listen()
  return takeover
}

/** Replacements that may be under way or wait, each with its program in memory. */
const mostWaiting = 4
const longest = 2 ** 31 - 1

class Takeover implements TakeoverServer {
  readonly #settings: TakeoverSettings
  readonly #door: Door
  readonly #stage: Stage
  readonly #inits: InitSocket
  #waiting = 0

  constructor(settings: TakeoverSettings) {
    this.#settings = settings
    this.#door = new Door((request, response) => this.#answer(request, response), settings.drain)
    this.#inits = new InitSocket((request, response) => {
      if (this.#admit(request, response)) void this.#init(request, response)
    })
    this.#stage = new Stage(this.#door, settings, this.#inits)
  }

  async listen(): Promise<void> {
    await this.#inits.listen()
    try {
      await this.#door.listen(this.#settings.place)
    } catch (error) {
      await this.#inits.close()
      throw error
    }
  }

  get url(): string {
    const { target } = this.#door
    if ('socketPath' in target) return target.socketPath
    return `http://${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`
  }

  async close(): Promise<void> {
    await Promise.all([this.#stage.close(), this.#door.close()])
    await this.#inits.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#door.open) response.shouldKeepAlive = false
    if (!this.#admit(request, response)) return
    const [path] = (request.url ?? '').split('?')
    if (path === '/init') return void this.#init(request, response)
    const { program, missing } = this.#stage
    if (program === undefined) return replyError(response, missing.status, missing.why)
    if (!program.takesConnections) return program.pass(request, response)
    // A connection of the time before: the program answers on one of its own.
    passOn(request, response, this.#door.target, { deadline: longest })
  }

  #admit(request: IncomingMessage, response: ServerResponse): boolean {
    try {
      this.#settings.admit(request)
      return true
    } catch (error) {
      response.shouldKeepAlive = false
      replyError(response, 403, reasonOf(error))
      return false
    }
  }

  async #init(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#waiting >= mostWaiting) {
      response.shouldKeepAlive = false
      return replyError(response, 503, `${mostWaiting} programs are being put in place or wait for it`)
    }
    this.#waiting++
    try {
      const body = await readBody(request, largestInit)
      if (body === undefined) {
        response.shouldKeepAlive = false
        return replyError(response, 413, `the body of /init may take ${largestInit} bytes`)
      }
      await this.#stage.replace(readPosted(body))
      if (!this.#door.open) response.shouldKeepAlive = false
      replyOk(response)
    } catch (error) {
      replyError(response, statusOf(error), reasonOf(error))
    } finally {
      this.#waiting--
    }
  }
}
