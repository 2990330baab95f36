import type { FastifyInstance } from 'fastify'
import type { Source } from '../artifact.ts'
import type { MortiseError } from '../errors.ts'
import type { Functions, ServedFunction } from '../functions/functions.ts'
import type { Admission } from './admission.ts'
import type { DeployApi } from './deploy/deploy.ts'
import type { Listener } from './listener.ts'
import type { PlugOptions, Registry } from './registry.ts'
import type { ServedSites } from './site/options.ts'
import type { Sites } from './site/sites.ts'
import type { Token } from './token.ts'

/** A server that runs. */
export interface Server extends AsyncDisposable {
  /** Where it is reached: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Where its deploy API is reached: a URL, or `unix:` and the path of a socket; `undefined` where it has none. */
  readonly deployUrl: string | undefined
  /** What whoever posts code has to send as bearer. */
  readonly token: string
  /** The names of its functions. */
  readonly functions: readonly string[]
  /** Its HTTP handlers, which can be replaced while they answer. */
  readonly sites: ServedSites
  /**
   * Makes a file of the operator's own live as a function, in place of what is there, which finishes its activations. JavaScript runs in
   * this process where `allow` says `esm`, and files that it imports are read anew; it stays where it is.
   *
   * @param name - 1 to 100 letters, digits, `.`, `_`, `-`, beginning with a letter or digit
   * @param source - a path, a `file:` URL, or bytes
   * @param options - `runtime`, `env`, `web`, and the limits of this function
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, `ARTIFACT_UNREADABLE`, `RUNTIME_NOT_ALLOWED`, `FUNCTIONS_LIMIT`,
   *   `PLUGIN_EXISTS` for one of the deploy API, and whatever its code is refused with: then nothing has changed
   * @example
   * ```ts
   * import { serve } from 'mortise/server'
   *
   * export async function replace(file: string): Promise<void> {
   *   await using server = await serve({ port: 0, functions: { hello: './hello.wasm' } })
   *   const { version } = await server.plug('hello', file)
   *   console.log(`version ${version} is live at ${server.url}/run/hello`)
   * }
   * ```
   */
  plug(name: string, source: Source, options?: PlugOptions): Promise<ServedFunction>
  /**
   * Says why there is nothing newer of a function: a build that failed. What is live goes on; with the option `detail` its answers say so in
   * the header `x-mortise-broken`, and `/_mortise` says what. Where nothing is live this is what requests are answered. `plug` ends it.
   */
  broken(name: string, error: MortiseError): void
  /**
   * Takes no more requests, waits for those under way for as long as `drain` says, and ends all functions.
   *
   * @returns whether all of them were answered in time
   */
  close(): Promise<boolean>
}

/** What a server that runs is made of. */
interface Running {
  readonly registry: Registry
  readonly url: string
  readonly deployUrl: string | undefined
  readonly token: Token
  readonly listener: Listener
  readonly functions: Functions
  readonly sites: Sites
  readonly admission: Admission
  readonly app: FastifyInstance
  readonly api: DeployApi | undefined
  readonly limit: number
}

/** The server as its user has it. */
export class RunningServer implements Server {
  readonly url: string
  readonly deployUrl: string | undefined
  readonly token: string
  readonly #parts: Running
  #closed: Promise<boolean> | undefined

  constructor(parts: Running) {
    this.url = parts.url
    this.deployUrl = parts.deployUrl
    this.token = parts.token.text
    this.#parts = parts
  }

  get functions(): readonly string[] {
    return [...this.#parts.functions.all.keys()]
  }

  get sites(): ServedSites {
    return this.#parts.sites
  }

  plug(name: string, source: Source, options: PlugOptions = {}): Promise<ServedFunction> {
    return this.#parts.registry.plug(name, source, options)
  }

  broken(name: string, error: MortiseError): void {
    this.#parts.registry.breaks(name, error)
  }

  close(): Promise<boolean> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<boolean> {
    const { listener, app, api, functions, sites, admission, limit } = this.#parts
    const inTime = await Promise.all([listener.drain(limit), api?.drain(limit)])
    await app.close()
    // Nobody waits for an answer any more.
    await Promise.all([functions.close(0), sites.close(0)])
    await admission[Symbol.asyncDispose]()
    await api?.[Symbol.asyncDispose]()
    return !inTime.includes(false)
  }
}
