import { once } from 'node:events'
import { type RequestListener, type Server, createServer } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import { MortiseError, reasonOf } from '../../errors.ts'
import { descriptorOf } from '../../handover/inherited.ts'
import { leave } from '../../handover/leave.ts'
import { type Target, targetAt } from '../../handover/pass-on.ts'
import { type Place, patience } from '../listener.ts'
import { watchReaders } from '../slow-readers.ts'
import { duplicate } from './duplicate.ts'

/**
 * The listening socket that all programs serve behind. It stays open for as long as this process lives, whether it takes connections
 * from it itself or leaves that to a program, so that none is ever refused.
 */
export class Door {
  readonly #answer: RequestListener
  readonly #drain: number
  readonly #leaving = new Set<Promise<void>>()
  #server: Server | undefined
  /** A second handle of the socket, while a program takes the connections, or is about to. */
  #held: object | undefined
  #target: Target | undefined

  /** @param drain - milliseconds that requests have to end once no more connections are taken */
  constructor(answer: RequestListener, drain: number) {
    this.#answer = answer
    this.#drain = drain
  }

  /** Begins to listen: `LISTEN_FAILED`. */
  async listen(place: Place): Promise<void> {
    const server = this.#make()
    try {
      server.listen('descriptor' in place ? { fd: place.descriptor } : place)
      await once(server, 'listening')
    } catch (cause) {
      const where = 'descriptor' in place ? `descriptor ${place.descriptor}` : `${place.host}:${place.port}`
      throw new MortiseError('LISTEN_FAILED', `Cannot listen at ${where}: ${reasonOf(cause)}`, { cause })
    }
    this.#server = server
    this.#target = targetAt(server.address())
  }

  /** Where the socket is reached, from this machine. */
  get target(): Target {
    if (this.#target === undefined) throw new TypeError('a door was used before it listens')
    return this.#target
  }

  /** Whether this process takes connections. */
  get open(): boolean {
    return this.#server !== undefined
  }

  /** What a program is handed; undefined where the system hands over none. */
  get descriptor(): number | undefined {
    if (this.#server !== undefined) return descriptorOf(this.#server)
    const held = this.#held
    return held !== undefined && 'fd' in held && typeof held.fd === 'number' ? held.fd : undefined
  }

  /** Prepares for {@link shut}. */
  async hold(): Promise<void> {
    if (this.#server !== undefined) this.#held ??= await duplicate(this.#server)
  }

  /** Takes no more connections, and answers those that it has. */
  shut(): void {
    const server = this.#server
    if (server === undefined) return
    if (this.#held === undefined) throw new TypeError('a door was shut that nothing holds')
    this.#server = undefined
    this.#drainOf(server)
  }

  /** Takes connections again. */
  reopen(): void {
    if (this.#server !== undefined || this.#held === undefined) return
    this.#server = this.#make().listen(this.#held)
    this.#held = undefined
  }

  /** Gives the socket up. Resolves when all requests have ended. */
  async close(): Promise<void> {
    if (this.#server !== undefined) this.#drainOf(this.#server)
    if (this.#held !== undefined) createNetServer().listen(this.#held).close()
    this.#server = undefined
    this.#held = undefined
    await Promise.all(this.#leaving)
  }

  #make(): Server {
    const { headers: headersTimeout, request: requestTimeout, answer } = patience
    const server = createServer({ headersTimeout, requestTimeout }, this.#answer)
    watchReaders(server, answer)
    return server
  }

  #drainOf(server: Server): void {
    const left = leave(server, this.#drain).finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }
}
