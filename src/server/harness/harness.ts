import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodeFolder } from '../../code/code.ts'
import { MortiseError } from '../../errors.ts'
import type { ActivationLine, FunctionLimits } from '../../functions/functions.ts'
import type { Guard } from '../guard.ts'
import { Listener, type Place, refuseDraining } from '../listener.ts'
import { failure, type Reply } from '../reply.ts'
import { failureReply } from '../site/failure-page.ts'
import { sitePath } from '../site/site-path.ts'
import { Sites } from '../site/sites.ts'
import type { Token } from '../token.ts'
import type { Bucket } from './bucket.ts'
import { Reloads } from './reloads.ts'

/** Options of {@link serveHarness}. */
export interface HarnessOptions {
  readonly place: Place
  readonly bucket: Bucket
  readonly token: Token
  readonly guard: Guard
  readonly limits: FunctionLimits
  /** Where JavaScript runs. */
  readonly runtime: 'esm' | 'process'
  /** Bytes that a plugin may have, and the body of a request. */
  readonly code: number
  readonly body: number
  /** Milliseconds that requests under way may take at the end. */
  readonly drain: number
  /** Whether who asks is told what is wrong inside of the plugin. */
  readonly detail: boolean
  readonly line: (line: ActivationLine) => void
  /** Is told of every reload, and of those that failed. */
  readonly watch: (reload: Reload | MortiseError) => void
}

/** How a reload went. */
export interface Reload {
  readonly version: number
  readonly digest: string
  /** Whether it was live already. */
  readonly same: boolean
  readonly milliseconds: number
}

/** A harness that runs. */
export interface Harness {
  readonly url: string
  /** Resolves when somebody asked it to end. */
  readonly died: Promise<void>
  /** @returns whether all requests were answered in time */
  close(): Promise<boolean>
}

const name = 'plugin'
const controls: ReadonlySet<string> = new Set(['/_reload', '/_die'])

/**
 * Serves one HTTP handler that is fetched from a bucket, and fetched again at `POST /_reload`, as the harness of ptone/run-go-plugin did.
 * Whatever it finds there, the last version that worked goes on until another does.
 *
 * @throws MortiseError `LISTEN_FAILED`
 */
export async function serveHarness(options: HarnessOptions): Promise<Harness> {
  const { bucket, limits, runtime, code, line } = options
  const folder = await mkdtemp(join(tmpdir(), 'mortise-harness-'))
  const posted = new CodeFolder({ folder, code, allow: ['wasm', runtime] })
  const sites = new Sites({ ...limits, allow: [runtime], code: posted, log: line }, 1)
  const close = async (): Promise<void> => {
    await sites.close(0)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const load = async (): Promise<Reload> => {
      const start = performance.now()
      const bytes = await bucket.read()
      const digest = createHash('sha256').update(bytes).digest('hex')
      const live = sites.get(name)
      const same = live !== undefined && digest === loaded
      const version = same ? live.version : await sites.deploy(name, { bytes, main: '', env: {} }, '/', {})
      loaded = digest
      return { version, digest, same, milliseconds: performance.now() - start }
    }
    let loaded: string | undefined
    const listener = await Listener.make()
    const harness = new RunningHarness(options, listener, sites, load)
    // What is not there yet may be put there later.
    await harness.reload().catch(() => {})
    const url = await listener.listen(options.place)
    return {
      url,
      died: harness.died,
      async close() {
        const inTime = await listener.drain(options.drain)
        await close()
        return inTime
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

class RunningHarness {
  readonly #options: HarnessOptions
  readonly #listener: Listener
  readonly #sites: Sites
  readonly #reloads: Reloads<Reload>
  readonly #died = Promise.withResolvers<void>()
  #error: MortiseError | undefined

  constructor(options: HarnessOptions, listener: Listener, sites: Sites, load: () => Promise<Reload>) {
    this.#options = options
    this.#listener = listener
    this.#sites = sites
    this.#reloads = new Reloads(() => this.#reload(load))
    const { guard, body, detail } = options
    const site = sitePath({ sites, guard, listener, body, detail, log: undefined }, (path) => controls.has(path))
    listener.server.on('request', (request, response) => {
      if (site(request, response)) return
      void this.#answer(request, response)
    })
  }

  get died(): Promise<void> {
    return this.#died.promise
  }

  reload(): Promise<Reload> {
    return this.#reloads.run()
  }

  async #reload(load: () => Promise<Reload>): Promise<Reload> {
    try {
      const reload = await load()
      this.#error = undefined
      this.#sites.broken(name, undefined)
      this.#options.watch(reload)
      return reload
    } catch (error) {
      if (MortiseError.is(error)) {
        this.#error = error
        if (this.#sites.get(name) !== undefined) this.#sites.broken(name, error)
        this.#options.watch(error)
      }
      throw error
    }
  }

  /** What is not for the plugin. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // No body means anything here.
    request.resume()
    const { status, headers, body } = await this.#reply(request).catch((error: unknown) => failure(error, 422))
    if (this.#listener.draining) response.shouldKeepAlive = false
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  async #reply(request: IncomingMessage): Promise<Reply> {
    const { guard, token } = this.#options
    guard.check(request)
    refuseDraining(this.#listener)
    const path = request.url?.split('?', 1)[0] ?? ''
    if (!controls.has(path)) return this.#absent(request)
    if (request.method !== 'POST') {
      const refused = failure(new MortiseError('METHOD_REFUSED', `Cannot ${request.method ?? ''} ${path}: POST it`))
      return { ...refused, headers: { ...refused.headers, allow: 'POST' } }
    }
    token.check(request)
    if (path === '/_die') {
      this.#died.resolve()
      return text(200, 'reseting')
    }
    try {
      const { version } = await this.reload()
      return text(200, 'ok', { 'x-mortise-version': String(version) })
    } catch (error) {
      if (!MortiseError.is(error, 'ARTIFACT_UNREADABLE')) throw error
      return text(500, `no plugin found: ${error.message}\n`)
    }
  }

  /** Nothing was ever live. */
  #absent({ headers: { accept } }: IncomingMessage): Reply {
    const { detail } = this.#options
    const page = failureReply({ error: this.#error, detail, id: name }, accept)
    return page.headers['content-type']?.startsWith('text/html') === true ? page : text(500, 'No Plugin Found\n')
  }
}

const text = (status: number, body: string, more: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...more },
  body,
})
