import { once } from 'node:events'
import { type RequestListener, type Server, createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a program that takes the connections itself sends the posts to `/init` on to: a Unix socket that only this user can reach. */
export class InitSocket {
  readonly #server: Server
  #folder: string | undefined

  constructor(answer: RequestListener) {
    this.#server = createServer(answer)
  }

  /** Windows hands over no sockets, and so needs none. */
  async listen(): Promise<void> {
    if (process.platform === 'win32') return
    this.#folder = await mkdtemp(join(tmpdir(), 'mortise-init-'))
    this.#server.listen(this.path)
    await once(this.#server, 'listening')
  }

  get path(): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, 'socket')
  }

  async close(): Promise<void> {
    if (this.#folder === undefined) return
    this.#server.close()
    this.#server.closeAllConnections()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
