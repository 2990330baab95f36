import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { serve, type DeployOptions, type Server, type ServerOptions } from 'mortise/server'
import { TokenFile, type TokenOptions } from '../../../src/server/deploy/tokens.ts'
import { buildText } from '../../support/guest.ts'
import { ask, type Answer, folder, post } from '../server.ts'

/** A module that answers with a number; each number is another artifact. */
export function answering(number: number): Promise<Uint8Array> {
  return buildText(`
    let calls = 0
    export function main(_: string): string { return '{"number":${number},"calls":' + (++calls).toString() + '}' }`)
}

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The entries of an object or a list that came as JSON. */
export function entries(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value ?? {}))
}

/** The answer of the deploy API, with its body as JSON. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: ReadonlyMap<string, unknown>
}

/** A server with a deploy API over a store of its own, which can be started anew. */
export class DeployServer implements AsyncDisposable {
  readonly #files: Awaited<ReturnType<typeof folder>>
  readonly #options: ServerOptions
  readonly #deploy: Partial<DeployOptions>
  readonly token: string
  server: Server

  private constructor(
    files: Awaited<ReturnType<typeof folder>>,
    options: ServerOptions,
    deploy: Partial<DeployOptions>,
    token: string,
    server: Server,
  ) {
    this.#files = files
    this.#options = options
    this.#deploy = deploy
    this.token = token
    this.server = server
  }

  static async start(options: ServerOptions = {}, deploy: Partial<DeployOptions> = {}): Promise<DeployServer> {
    const files = await folder()
    const token = await new TokenFile(join(files.path, 'tokens.json')).add({
      name: 'tester',
      roles: ['deploy', 'read'],
      runtimes: ['wasm', 'process'],
    })
    const server = await serve({ port: 0, ...options, deploy: { store: files.path, port: 0, ...deploy } })
    return new DeployServer(files, options, deploy, token, server)
  }

  get store(): string {
    return this.#files.path
  }

  get url(): string {
    return this.server.deployUrl ?? ''
  }

  addToken(options: TokenOptions): Promise<string> {
    return new TokenFile(join(this.store, 'tokens.json')).add(options)
  }

  async restart(): Promise<void> {
    await this.server.close()
    this.server = await serve({ port: 0, ...this.#options, deploy: { store: this.store, port: 0, ...this.#deploy } })
  }

  async api(method: string, path: string, body?: object, token = this.token): Promise<Reply> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const init = body === undefined ? {} : { body: JSON.stringify(body) }
    return read(await ask(`${this.url}${path}`, { method, headers, ...init }))
  }

  async put(bytes: Uint8Array, digest = digestOf(bytes), headers: Record<string, string> = {}): Promise<Reply> {
    const answer = await ask(`${this.url}/v1/artifacts/${digest}`, {
      method: 'PUT',
      body: bytes,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    })
    return read(answer)
  }

  /** Puts an artifact, and deploys it. */
  async deploy(plugin: string, bytes: Uint8Array, more: object = {}): Promise<Reply> {
    await this.put(bytes)
    return this.api('POST', `/v1/plugins/${plugin}/deploys`, { digest: digestOf(bytes), ...more })
  }

  /** Runs a function: its answer, and the version in the header. */
  async run(name: string): Promise<readonly [text: string, version: string | null]> {
    const { text, headers } = await post(`${this.server.url}/run/${name}`)
    return [text.trim(), headers.get('x-mortise-version')]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await this.#files[Symbol.asyncDispose]()
  }
}

function read({ status, text, headers }: Answer): Reply {
  const body: unknown = text === '' ? {} : JSON.parse(text)
  return { status, headers, body: entries(body) }
}
