import { chmod, lstat, rm } from 'node:fs/promises'
import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { MortiseError, reasonOf } from '../errors.ts'
import { watchReaders } from './slow-readers.ts'
import { readTls } from './tls-files.ts'

/** Where a server listens: at an address, or on a socket that listens already and was handed over. */
export type Place =
  | { readonly host: string; readonly port: number; readonly next?: boolean }
  | { readonly descriptor: number }

/** A socket in the file system. */
export interface SocketPlace {
  readonly path: string
}

/** Files of a certificate and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** Of whoever signs the certificates that clients have to show. Default: they need none. */
  readonly ca?: string
}

/** How long a client may take, in milliseconds. */
export interface Patience {
  /** For the headers of a request. */
  readonly headers: number
  /** For a whole request, body and all. */
  readonly request: number
  /** For taking nothing of an answer that is there for it. */
  readonly answer: number
}

export const patience: Patience = Object.freeze({ headers: 10_000, request: 60_000, answer: 30_000 })

/** Between two looks at whoever closes down, in milliseconds. */
const closing = 20
/** How many ports are tried where the first is taken. */
const tries = 20

/**
 * A socket that listens, with limits for slow and greedy clients, and an end that drains. It knows no protocol: whoever speaks one
 * listens for the requests of its `server`.
 */
export class Listener {
  readonly #server: Server
  readonly #secure: { readonly server: TlsServer; readonly files: TlsFiles } | undefined
  #draining = false

  private constructor(server: Server, secure?: { readonly server: TlsServer; readonly files: TlsFiles }) {
    this.#server = server
    this.#secure = secure
  }

  /** Makes the server, which does not listen yet. */
  static async make({ tls, wait = patience }: ListenerOptions = {}): Promise<Listener> {
    const options: ServerOptions = {
      headersTimeout: Math.min(wait.headers, wait.request),
      requestTimeout: wait.request,
      connectionsCheckingInterval: Math.min(1000, wait.headers, wait.request),
      keepAliveTimeout: 72_000,
      maxHeaderSize: 16_384,
    }
    if (tls === undefined) return new Listener(limited(createServer(options), wait))
    const server = createTlsServer({ ...options, ...(await readTls(tls)) })
    return new Listener(limited(server, wait), { server, files: tls })
  }

  /** Reads the certificate and its key anew, for the connections to come: `LISTEN_FAILED` where they cannot be used, and nothing changes. */
  async renew(): Promise<void> {
    if (this.#secure === undefined) return
    const { server, files } = this.#secure
    const options = await readTls(files)
    try {
      server.setSecureContext(options)
    } catch (cause) {
      throw new MortiseError('LISTEN_FAILED', `Cannot use the certificate or its key: ${reasonOf(cause)}`, { cause })
    }
  }

  /** The server of Node, which gets the requests. */
  get server(): Server {
    return this.#server
  }

  /** It is on its end: what still comes is to be refused. */
  get draining(): boolean {
    return this.#draining
  }

  /**
   * Begins to listen. Of a port that is taken the next one is tried, where the place says so.
   *
   * @returns the URL that it is reached at
   * @throws MortiseError `LISTEN_FAILED`
   */
  async listen(place: Place | SocketPlace): Promise<string> {
    if ('descriptor' in place) await this.#listen({ fd: place.descriptor })
    else if ('path' in place) await this.#listenAt(place.path)
    else await this.#search(place)
    const address = this.#server.address()
    if (address === null || typeof address === 'string') return `unix:${address}`
    return `${this.#secure === undefined ? 'http' : 'https'}://${hostOf(address)}:${address.port}`
  }

  /**
   * Stops accepting, waits for the requests under way, and closes all connections.
   *
   * @param limit - milliseconds, after which what is still open is cut off
   * @returns whether everybody was done in time
   */
  async drain(limit: number): Promise<boolean> {
    this.#draining = true
    if (!this.#server.listening) return true
    const closed = new Promise<true>((resolve) => {
      this.#server.close(() => resolve(true))
    })
    const idle = setInterval(() => this.#server.closeIdleConnections(), closing)
    const { promise: late, resolve } = Promise.withResolvers<false>()
    const timer = setTimeout(() => resolve(false), limit)
    const inTime = await Promise.race([closed, late])
    clearTimeout(timer)
    clearInterval(idle)
    if (inTime) return true
    this.#server.closeAllConnections()
    await closed
    return false
  }

  async #search({ host, port, next = false }: Extract<Place, { host: string }>): Promise<void> {
    for (let tried = 0; ; tried++) {
      try {
        return await this.#listen({ host, port: port + tried })
      } catch (error) {
        const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
        if (taken && next && tried < tries && port !== 0) continue
        const why = taken ? 'the port is taken: end what listens there, or give another one' : reasonOf(error)
        throw new MortiseError('LISTEN_FAILED', `Cannot listen at ${host}:${port}: ${why}`, { cause: error })
      }
    }
  }

  /** At a socket that its user alone can reach, in place of one that was left behind. */
  async #listenAt(path: string): Promise<void> {
    try {
      if (await isLeft(path)) await rm(path)
      await this.#listen({ path })
      await chmod(path, 0o600)
    } catch (cause) {
      throw new MortiseError('LISTEN_FAILED', `Cannot listen at '${path}': ${reasonOf(cause)}`, { cause })
    }
  }

  async #listen(
    options: { readonly fd: number } | { readonly path: string } | { readonly host: string; readonly port: number },
  ): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ ...options, backlog: 1024 }, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }
}

function limited<S extends Server>(server: S, { answer }: Patience): S {
  server.maxConnections = 10_000
  watchReaders(server, answer)
  return server
}

interface ListenerOptions {
  readonly tls?: TlsFiles | undefined
  readonly wait?: Patience
}

/** Whether nobody listens any more at a socket that is there. */
async function isLeft(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isSocket() !== true) return false
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
    socket.once('connect', () => socket.destroy())
  })
}

const hostOf = ({ address, family }: AddressInfo): string => (family === 'IPv6' ? `[${address}]` : address)

/** Takes no more requests once the end has begun: `SERVER_DRAINING`. */
export function refuseDraining({ draining }: Pick<Listener, 'draining'>): void {
  if (draining)
    throw new MortiseError('SERVER_DRAINING', 'Cannot take this request: the server is about to end. Ask again')
}
