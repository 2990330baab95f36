import type { Source } from '../artifact.ts'
import type { MortiseError } from '../errors.ts'
import { type PlugOptions, serve, type Server, type ServerOptions } from '../server/server.ts'
import type { Guest } from './guest.ts'
import type { Put, Target } from './target.ts'

/** A server of its own, on this machine. */
export class LocalTarget implements Target {
  readonly #name: string
  readonly #server: Server
  readonly #options: PlugOptions

  private constructor(name: string, server: Server, options: PlugOptions) {
    this.#name = name
    this.#server = server
    this.#options = options
  }

  /**
   * Starts the server, which serves nothing yet.
   *
   * @param options - how the guest is served
   * @throws MortiseError as `serve` does
   */
  static async start(name: string, server: ServerOptions, options: PlugOptions): Promise<LocalTarget> {
    return new LocalTarget(name, await serve({ ...server, allow: ['esm', 'process'] }), options)
  }

  url(): string {
    return `${this.#server.url}/run/${this.#name}`
  }

  async put(_: Guest, source: Source): Promise<Put> {
    const start = performance.now()
    const { version } = await this.#server.plug(this.#name, source, this.#options)
    return { version, took: { load: performance.now() - start } }
  }

  broken(_: Guest | undefined, error: MortiseError): void {
    this.#server.broken(this.#name, error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close()
  }
}
