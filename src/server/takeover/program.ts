import { Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { type Launch, type Launched, launch } from '../../handover/launch.ts'
import { type Target, passOn } from '../../handover/pass-on.ts'

/** Milliseconds that a program has to take no more connections, once it is told so. */
const patience = 1000

/** A program that serves, from the listening socket itself or behind this process. */
export class Program {
  readonly #launched: Launched
  readonly #target: Target
  readonly #deadline: number
  /** Servers close connections that were idle for 5 s or more; the one that is to be used next must not be among them. */
  readonly #agent = new Agent({ keepAlive: true, timeout: 4000, scheduling: 'lifo' })
  #busy = 0
  #idle: (() => void) | undefined

  private constructor(launched: Launched, port: number, deadline: number) {
    this.#launched = launched
    this.#target = { host: '127.0.0.1', port }
    this.#deadline = deadline
  }

  /**
   * Starts it and waits until it serves: `PROCESS_NOT_STARTED`.
   *
   * @param deadline - milliseconds until it has to begin an answer that is passed through this process
   */
  static async start(how: Omit<Launch, 'port'>, deadline: number): Promise<Program> {
    const port = await freePort()
    return new Program(await launch({ ...how, port }), port, deadline)
  }

  /** Whether it takes its connections from the listening socket itself. */
  get takesConnections(): boolean {
    return this.#launched.on === 'socket'
  }

  /** Resolves when it has ended, with how. */
  get ended(): Promise<string> {
    return this.#launched.ended
  }

  /** Passes a request on to it, where it is behind this process. */
  pass(request: IncomingMessage, response: ServerResponse): void {
    this.#busy++
    response.once('close', () => {
      if (--this.#busy === 0) this.#idle?.()
    })
    passOn(request, response, this.#target, { deadline: this.#deadline, agent: this.#agent })
  }

  /**
   * Ends it once it has answered what it has begun.
   *
   * @param drain - milliseconds that it has for that, and then is killed
   * @returns resolves when it takes no more connections, with when it will have ended
   */
  async retire(drain: number): Promise<{ readonly ended: Promise<unknown> }> {
    if (!this.takesConnections) return { ended: this.#end(drain) }
    const ended = this.#terminate(drain)
    await within(this.#launched.left, patience)
    return { ended }
  }

  async #end(drain: number): Promise<void> {
    const idle = Promise.withResolvers<void>()
    this.#idle = idle.resolve
    if (this.#busy > 0) await within(idle.promise, drain)
    this.#agent.destroy()
    await this.#terminate(patience)
  }

  async #terminate(drain: number): Promise<void> {
    this.#launched.signal('SIGTERM')
    if (!(await within(this.ended, drain))) this.#launched.signal('SIGKILL')
    await this.ended
  }
}

/** Whether something resolves in some milliseconds. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const stop = new AbortController()
  const late = wait(milliseconds, false, { signal: stop.signal })
  late.catch(() => {})
  const intime = await Promise.race([promise.then(() => true), late])
  stop.abort()
  return intime
}

/** A port that nobody listened on a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
