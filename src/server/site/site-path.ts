import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpResponse } from '../../contracts/http/http.ts'
import { MortiseError } from '../../errors.ts'
import { type Log, logAccess } from '../access.ts'
import { collectBody } from '../body.ts'
import type { Guard } from '../guard.ts'
import { identify } from '../identifier.ts'
import { type Listener, refuseDraining } from '../listener.ts'
import { overviewPath, type Registry } from '../registry.ts'
import type { Reply } from '../reply.ts'
import { failureReply, overview } from './failure-page.ts'
import { pathOf, toRequest } from './request.ts'
import { sendResponse } from './response.ts'
import type { SiteState } from './options.ts'
import type { Found, Sites } from './sites.ts'

/** What {@link sitePath} works with. */
export interface SiteParts {
  readonly sites: Sites
  /** The functions beside them, where there are some. */
  readonly registry?: Registry
  readonly guard: Guard
  readonly listener: Listener
  /** Bytes that the body of a request may have. */
  readonly body: number
  /** Whether who asks is told what is wrong inside of a site, and at `/_mortise` how all of them are. */
  readonly detail: boolean
  /** Where requests are logged; `undefined` for nowhere. */
  readonly log: Log | undefined
}

/**
 * Requests for sites, taken before anything is routed.
 *
 * @param isOwn - whether a path is the server's own
 * @returns a function that takes a request, or says that it is not for a site
 */
export function sitePath(
  parts: SiteParts,
  isOwn: (path: string) => boolean,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const path = pathOf(request.url ?? '')
    if (path === undefined) return false
    if (path === overviewPath && parts.detail) {
      new Exchange(parts, request, response).overview()
      return true
    }
    const found = isOwn(path) ? undefined : parts.sites.find(path)
    if (found === undefined) return false
    new Exchange(parts, request, response).answer(found)
    return true
  }
}

/** One request and its answer. */
class Exchange {
  readonly #parts: SiteParts
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #id: string
  readonly #start = performance.now()
  #version: number | undefined
  #broken = false

  constructor(parts: SiteParts, request: IncomingMessage, response: ServerResponse) {
    this.#parts = parts
    this.#request = request
    this.#response = response
    this.#id = identify(request)
  }

  answer({ live, broken }: Found): void {
    const fail = (error: unknown): void => this.#fail(error)
    try {
      this.#check()
      this.#broken = this.#parts.detail && broken !== undefined
      if (live === undefined) {
        // The request has a body that nobody reads.
        this.#request.resume()
        return this.#fail(broken)
      }
      const run = (body: Buffer): void => {
        const began = (version: number): void => {
          this.#version = version
        }
        const request = toRequest(this.#request, body, this.#id)
        live
          .run(request, this.#id, { began })
          .then((answer) => this.#succeed(answer))
          .catch(fail)
      }
      collectBody(this.#request, this.#parts.body, run, fail)
    } catch (error) {
      fail(error)
    }
  }

  overview(): void {
    try {
      this.#check()
      const { sites, registry } = this.#parts
      this.#send(overview([...sites.all, ...brokenFunctions(registry)], this.#request.headers.accept))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Pages of a site may ask it themselves. */
  #check(): void {
    const { guard, listener } = this.#parts
    guard.check(this.#request, true)
    refuseDraining(listener)
  }

  #succeed(answer: HttpResponse): void {
    sendResponse(this.#response, answer, this.#request.method ?? '', this.#headers())
    this.#logged(answer.status)
  }

  #fail(error: unknown): void {
    const { detail, log } = this.#parts
    const reply = failureReply({ error, detail, id: this.#id }, this.#request.headers.accept)
    // Who asks may not be told what is wrong in there; whoever runs it is.
    if (reply.status >= 500)
      log?.[MortiseError.is(error) ? 'warn' : 'error']({ reqId: this.#id, err: error }, 'A site failed')
    this.#send(reply)
  }

  #send({ status, headers, body }: Reply): void {
    const list = [
      ...this.#headers(),
      ...Object.entries(headers).flat(),
      'content-length',
      String(Buffer.byteLength(body)),
    ]
    this.#response.writeHead(status, list).end(this.#request.method === 'HEAD' ? undefined : body)
    this.#logged(status)
  }

  #headers(): string[] {
    if (this.#parts.listener.draining) this.#response.shouldKeepAlive = false
    const headers = ['x-request-id', this.#id]
    if (this.#version !== undefined) headers.push('x-mortise-version', String(this.#version))
    if (this.#broken) headers.push('x-mortise-broken', overviewPath)
    return headers
  }

  #logged(status: number): void {
    const { log } = this.#parts
    if (log === undefined) return
    const { method = '', url = '' } = this.#request
    logAccess(log, { reqId: this.#id, method, url, status, ms: performance.now() - this.#start })
  }
}

/** Functions of which there should be something newer, as if they were sites. */
function brokenFunctions(registry: Registry | undefined): readonly SiteState[] {
  return [...(registry?.allBroken ?? [])].map(([name, error]) => ({
    name,
    mount: `/run/${name}`,
    version: registry?.find(name)?.version,
    broken: error,
  }))
}
