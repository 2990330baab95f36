import type { FunctionLimits } from '../functions/functions.ts'
import {
  type Deployed,
  deployed,
  type KeptPlugin,
  keptPlugin,
  keptPlugins,
  type KeptVersion,
  type LoggedLine,
  loggedLine,
  type RolledBack,
  rolledBack,
  type ServerEvent,
  serverEvent,
} from './answers.ts'
import { follow, type FollowOptions } from './events.ts'
import { type ClientOptions, parseClient } from './options.ts'
import { type Ask, Transport } from './transport.ts'
import { has, upload, type Uploaded } from './upload.ts'

/** What a version is to be, beside its artifact. */
export interface DeploySettings {
  /** What it is served as: a function at `/run/<name>`, or a handler of HTTP. Default `action`. */
  readonly contract?: 'action' | 'http'
  /** Of `http`: the path that it answers at, and those below. Default `/`. */
  readonly mount?: string
  /** The function to call in it. Default `main`. */
  readonly main?: string
  /** What it finds in its environment. The server keeps the values and never shows them. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>
  /** It is offered at `/web/<name>`. Default: false. */
  readonly web?: boolean
  /** Default: those of the server. */
  readonly limits?: FunctionLimits
  /** Parameters of an activation that has to succeed before it is live. Default: it is not tried. */
  readonly smoke?: Readonly<Record<string, unknown>>
  /** As `signArtifact` gives it. Default: none. */
  readonly signature?: string
}

/** A version that became live, and what was sent for it. */
export interface Pushed extends Deployed {
  /** Bytes that were sent, compressed; 0 where the server had the artifact. */
  readonly sent: number
  /** Milliseconds of each step, as they were here: `upload`, and `deploy` with all `timings` of the server in it. */
  readonly took: { readonly upload: number; readonly deploy: number }
}

/** How one request is made. */
export interface AskOptions {
  /** Gives it up, with the signal's reason. What it was to change may be changed all the same. */
  readonly signal?: AbortSignal
}

/**
 * A client of the deploy API of a server: {@link https://www.openapis.org OpenAPI} at `/v1/openapi.json` there describes the same.
 *
 * Every method throws a `MortiseError` with the code and the sentence that the server refuses with, such as `TOKEN_REFUSED`,
 * `ROLE_REFUSED`, `ATTEMPTS_LIMIT`, `VERSION_ABSENT`, `SIGNATURE_REFUSED`, `SMOKE_FAILED`, `QUEUE_FULL`, `SERVER_DRAINING`;
 * `SERVER_UNREACHABLE` where there is no answer, and `SERVER_ANSWER` where it is none of a deploy API.
 *
 * @example
 * ```ts
 * import { DeployClient } from 'mortise/client'
 *
 * async function deploy(url: string, token: string, wasm: Uint8Array): Promise<void> {
 *   using client = new DeployClient({ url, token })
 *   const { version, sent } = await client.push('hello', wasm, { smoke: { name: 'Mike' } })
 *   console.log(`version ${version} is live, for ${sent} bytes`)
 *   await client.rollback('hello')
 * }
 * ```
 */
export class DeployClient implements Disposable {
  readonly #transport: Transport

  /**
   * It connects when something is asked for.
   *
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: ClientOptions) {
    this.#transport = new Transport(parseClient(options))
  }

  /** Where the server is: an origin, or the path of a socket. */
  get where(): string {
    return this.#transport.where
  }

  /** Whether the server has an artifact. @param digest - SHA-256 in hexadecimal */
  has(digest: string, { signal }: AskOptions = {}): Promise<boolean> {
    return has(this.#transport, digest, signal)
  }

  /** Puts an artifact, compressed, where the server does not have it. */
  put(bytes: Uint8Array, { signal }: AskOptions = {}): Promise<Uploaded> {
    return upload(this.#transport, bytes, signal)
  }

  /**
   * Makes an artifact that the server has a new version of a plugin, which is live when this resolves.
   *
   * @param digest - SHA-256 in hexadecimal, as `put` gives it
   */
  async deploy(
    plugin: string,
    digest: string,
    settings: DeploySettings = {},
    options: AskOptions = {},
  ): Promise<Deployed> {
    return deployed(await this.#post(`${pathOf(plugin)}/deploys`, { ...settings, digest }, options))
  }

  /** Puts an artifact where it is not there, and makes it a new version of a plugin, which is live when this resolves. */
  async push(
    plugin: string,
    bytes: Uint8Array,
    settings: DeploySettings = {},
    options: AskOptions = {},
  ): Promise<Pushed> {
    const start = performance.now()
    const { digest, sent } = await this.put(bytes, options)
    const put = performance.now()
    const made = await this.deploy(plugin, digest, settings, options)
    return { ...made, sent, took: { upload: put - start, deploy: performance.now() - put } }
  }

  /** The live version of every plugin, by the plugins' names. */
  async list(options: AskOptions = {}): Promise<readonly KeptVersion[]> {
    return keptPlugins(await this.#get('/v1/plugins', options))
  }

  /** A plugin, with the versions of it that are kept, and what became live when. */
  async show(plugin: string, options: AskOptions = {}): Promise<KeptPlugin> {
    return keptPlugin(await this.#get(pathOf(plugin), options))
  }

  /**
   * Makes a version live that was live before.
   *
   * @param version - default: the one that was live before the present one
   */
  async rollback(plugin: string, version?: number, options: AskOptions = {}): Promise<RolledBack> {
    return rolledBack(await this.#post(`${pathOf(plugin)}/rollback`, { version }, options))
  }

  /** Takes a plugin away, with its versions. */
  async remove(plugin: string, { signal }: AskOptions = {}): Promise<void> {
    await this.#transport.ask({ method: 'DELETE', path: pathOf(plugin), signal })
  }

  /** What happened on a plugin since the server began. */
  stats(plugin: string, options: AskOptions = {}): Promise<Readonly<Record<string, unknown>>> {
    return this.#get(`${pathOf(plugin)}/stats`, options)
  }

  /** The last lines that a plugin wrote, and with `follow` those to come. */
  async *logs(plugin: string, options: FollowOptions = {}): AsyncGenerator<LoggedLine, void, undefined> {
    for await (const { data } of follow(this.#transport, `${pathOf(plugin)}/logs`, options)) yield loggedLine(data)
  }

  /** The last changes that were made or tried, and with `follow` those to come. */
  async *events(options: FollowOptions = {}): AsyncGenerator<ServerEvent, void, undefined> {
    for await (const { event, data } of follow(this.#transport, '/v1/events', options)) yield serverEvent(event, data)
  }

  /** Closes its connections. */
  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]()
  }

  #get(path: string, { signal }: AskOptions): Promise<Readonly<Record<string, unknown>>> {
    return this.#transport.ask({ method: 'GET', path, signal })
  }

  #post(path: string, body: object, { signal }: AskOptions): Promise<Readonly<Record<string, unknown>>> {
    const headers = { 'content-type': 'application/json' }
    return this.#transport.ask({ method: 'POST', path, headers, body: JSON.stringify(body), signal } satisfies Ask)
  }
}

const pathOf = (plugin: string): string => `/v1/plugins/${encodeURIComponent(plugin)}`

export type { Deployed, KeptPlugin, KeptVersion, LoggedLine, RolledBack, ServerEvent, Timings } from './answers.ts'
export type { FollowOptions } from './events.ts'
export type { ClientOptions } from './options.ts'
export { signArtifact } from './sign.ts'
export type { Uploaded } from './upload.ts'
