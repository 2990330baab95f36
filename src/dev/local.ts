import type { Source } from '../artifact.ts'
import type { MortiseError } from '../errors.ts'
import { serve, type Server, type ServerOptions } from '../server/server.ts'
import type { Guest } from './guest.ts'
import type { Put, Target } from './target.ts'

/** How a guest is served. */
export interface LocalOptions {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  /** Of JavaScript. */
  readonly runtime: 'esm' | 'process'
  /** An action is offered at `/web/<name>`, too. */
  readonly web: boolean
  /** Where an HTTP handler answers. */
  readonly mount: string
}

/** A server of its own, on this machine. */
export class LocalTarget implements Target {
  readonly #server: Server
  readonly #options: LocalOptions

  private constructor(server: Server, options: LocalOptions) {
    this.#server = server
    this.#options = options
  }

  /**
   * Starts the server, which serves nothing yet.
   *
   * @throws MortiseError as `serve` does
   */
  static async start(server: ServerOptions, options: LocalOptions): Promise<LocalTarget> {
    return new LocalTarget(await serve({ ...server, allow: ['esm', 'process'], detail: true }), options)
  }

  url({ contract }: Guest): string {
    const { name, mount } = this.#options
    return `${this.#server.url}${contract === 'http' ? mount : `/run/${name}`}`
  }

  async put({ contract }: Guest, source: Source): Promise<Put> {
    const { name, env, runtime, web, mount } = this.#options
    const start = performance.now()
    const version =
      contract === 'http'
        ? await this.#server.sites.plug(name, source, { env, runtime, mount })
        : (await this.#server.plug(name, source, { env, runtime, web })).version
    return { version, took: { load: performance.now() - start } }
  }

  broken({ contract }: Guest, error: MortiseError): void {
    const { name, mount } = this.#options
    if (contract === 'action') this.#server.broken(name, error)
    else this.#server.sites.broken(name, error, mount)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close()
  }
}
