import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { MortiseError, reasonOf } from '../errors.ts'
import { descriptorOf } from './inherited.ts'
import { launch } from './launch.ts'
import { largestInit, placeProgram, readPosted } from './posted.ts'
import { readBody, replyError } from './reply.ts'

/** Milliseconds that a program has to get ready. */
const within = 10_000

/** How a server without a supervisor puts a posted program in its own place. */
export class Succession {
  readonly #server: Server
  #busy = false

  /** @param server - which listens by the time that a program is posted */
  constructor(server: Server) {
    this.#server = server
  }

  /** Starts the program of a request with the listening socket. When this resolves it serves; where it rejects nothing has changed. */
  async take(request: IncomingMessage): Promise<void> {
    if (process.pid === 1)
      throw new Refusal(409, 'process 1 cannot leave: its container would end. Run it under `mortise serve --takeover`')
    const socket = descriptorOf(this.#server)
    if (socket === undefined) throw new Refusal(501, 'this system does not hand over listening sockets')
    if (this.#busy) throw new Refusal(409, 'another program is being put in the place of this server')
    this.#busy = true
    try {
      const body = await readBody(request, largestInit)
      if (body === undefined) throw new Refusal(413, `the body of /init may take ${largestInit} bytes`)
      const posted = readPosted(body)
      const placed = await placeProgram(posted)
      try {
        const { command, args, cwd } = placed
        const env = { ...process.env, ...posted.env }
        await launch({ command, args, cwd, env, socket, port: undefined, within })
      } finally {
        // By now it is loaded, and nobody will be there later to clear it away.
        await placed.dispose()
      }
    } finally {
      this.#busy = false
    }
  }

  /** Says why nothing has changed. */
  refuse(response: ServerResponse, error: unknown): void {
    response.shouldKeepAlive = false
    if (error instanceof Refusal) return replyError(response, error.status, error.message)
    replyError(response, statusOf(error), reasonOf(error))
  }
}

class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What was posted wrong is the client's mistake; a program that does not start is one of the program. */
export const statusOf = (error: unknown): number => (MortiseError.is(error, 'EVENT_INVALID') ? 400 : 502)
