import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { text } from 'node:stream/consumers'
import { fieldOf } from '../../src/kubernetes/objects.ts'
import { Authority } from '../support/certificates.ts'

/** What a recorded API server keeps of an object. */
export interface Recorded {
  readonly kind: 'Node' | 'Pod'
  readonly apiVersion: 'v1'
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid: string
    readonly resourceVersion: string
    readonly labels?: Readonly<Record<string, string>>
    readonly managedFields?: readonly object[]
  }
  readonly [field: string]: unknown
}

interface Watcher {
  readonly kind: string
  readonly response: ServerResponse
}

/** The paths of lists, and the kind of what is in them. */
const lists: Readonly<Record<string, 'Node' | 'Pod'>> = { '/api/v1/nodes': 'Node', '/api/v1/pods': 'Pod' }

/**
 * The part of a cluster's API server that Mortise asks, in the form of its answers: lists in pages, watches with events and bookmarks,
 * versions that are forgotten, bindings. It takes clients with a certificate of its authority, or the token.
 */
export class ClusterApi implements AsyncDisposable {
  readonly authority: Authority
  readonly url: string
  readonly token = 'a-token-of-sixteen-and-more'
  /** The requests that came, as `GET /api/v1/nodes?limit=500`. */
  readonly requests: string[] = []
  /** The bindings that were made, `namespace/name` and the node. */
  readonly bound: [pod: string, node: string][] = []
  /** Those to be refused next, with this status. */
  readonly refusals: number[] = []
  readonly #server: Server
  readonly #objects = new Map<string, Recorded>()
  readonly #events: { readonly version: number; readonly kind: string; readonly line: string }[] = []
  readonly #watchers = new Set<Watcher>()
  #version = 1000
  #oldest = 0
  #arrived = Promise.withResolvers<void>()

  private constructor(authority: Authority, server: Server) {
    this.authority = authority
    this.#server = server
    const address = server.address()
    this.url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }

  static async start(): Promise<ClusterApi> {
    const authority = await Authority.make()
    const { cert, key } = await authority.sign('kubernetes')
    const asking = { requestCert: true, rejectUnauthorized: false, ca: authority.own.cert }
    const server = createServer({ cert, key, ...asking }, (request, response) => {
      void api.#answer(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const api = new ClusterApi(authority, server)
    return api
  }

  /** Adds an object or changes it, and tells who watches. */
  put(kind: 'Node' | 'Pod', name: string, rest: object = {}): Recorded {
    const before = this.#objects.get(`${kind}/${name}`)
    const resourceVersion = String(++this.#version)
    const namespace = kind === 'Pod' ? { namespace: 'default' } : {}
    const metadata = {
      name,
      ...namespace,
      uid: `uid-of-${name}`,
      resourceVersion,
      managedFields: [{ manager: 'test' }],
    }
    const object: Recorded = { kind, apiVersion: 'v1', ...rest, metadata }
    this.#objects.set(`${kind}/${name}`, object)
    this.#tell(kind, before === undefined ? 'ADDED' : 'MODIFIED', object)
    return object
  }

  remove(kind: 'Node' | 'Pod', name: string): void {
    const object = this.#objects.get(`${kind}/${name}`)
    if (object === undefined) throw new Error(`there is no ${kind} ${name}`)
    this.#objects.delete(`${kind}/${name}`)
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) }
    this.#tell(kind, 'DELETED', { ...object, metadata })
  }

  /** Tells who watches how far the server is, without an event. */
  bookmark(): void {
    const metadata = { resourceVersion: String(++this.#version), creationTimestamp: null }
    for (const { kind, response } of this.#watchers)
      response.write(line('BOOKMARK', { kind, apiVersion: 'v1', metadata }))
  }

  /** Forgets what happened so far: who watches from before has to list anew. */
  forget(): void {
    this.#oldest = ++this.#version
    this.#events.length = 0
  }

  /** Tells who watches that its version was forgotten, as a server does in the middle of a watch. */
  expire(): void {
    this.forget()
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 }
    const watchers = [...this.#watchers]
    this.#watchers.clear()
    for (const { response } of watchers) response.end(line('ERROR', { ...status, message: 'too old resource version' }))
  }

  /** Cuts all connections. */
  cut(): void {
    this.#server.closeAllConnections()
  }

  /** Writes something to those who watch. */
  say(bytes: string | Uint8Array): void {
    for (const { response } of this.#watchers) response.write(bytes)
  }

  /** Resolves once a request has come that matches. */
  async asked(pattern: RegExp, times = 1): Promise<void> {
    while (this.requests.filter((request) => pattern.test(request)).length < times) await this.#arrived.promise
  }

  get watchers(): number {
    return this.#watchers.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await this.authority[Symbol.asyncDispose]()
  }

  #tell(kind: string, type: string, object: Recorded): void {
    const event = { version: this.#version, kind, line: line(type, object) }
    this.#events.push(event)
    for (const watcher of this.#watchers) if (watcher.kind === kind) watcher.response.write(event.line)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const { pathname, searchParams } = new URL(url, this.url)
    this.requests.push(`${method} ${url}`)
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers()
    const refusal = this.refusals.shift()
    const known = request.headers.authorization === `Bearer ${this.token}` || isAuthorized(request)
    if (refusal !== undefined) return refuse(response, refusal, `refused with ${refusal}`)
    if (!known) return refuse(response, 401, 'Unauthorized')
    const kind = lists[pathname]
    if (kind !== undefined) {
      return searchParams.has('watch')
        ? this.#watch(kind, Number(searchParams.get('resourceVersion')), response)
        : this.#list(kind, searchParams, response)
    }
    const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/binding$/.exec(pathname) ?? []
    if (method !== 'POST' || name === undefined) return refuse(response, 404, `there is no ${pathname}`)
    const binding: unknown = JSON.parse(await text(request))
    this.bound.push([`${namespace}/${name}`, String(fieldOf(fieldOf(binding, 'target'), 'name'))])
    response
      .writeHead(201, json)
      .end('{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}\n')
  }

  #list(kind: string, query: URLSearchParams, response: ServerResponse): void {
    const all = [...this.#objects.values()].filter((object) => object.kind === kind)
    const [from, limit] = [Number(query.get('continue') ?? 0), Number(query.get('limit') ?? 0) || all.length]
    const rest = from + limit < all.length ? { continue: String(from + limit) } : {}
    const metadata = { resourceVersion: String(this.#version), ...rest }
    // Kubernetes leaves kind and apiVersion out of the items of a list.
    const items = all.slice(from, from + limit).map(({ kind: _kind, apiVersion: _version, ...item }) => item)
    response.writeHead(200, json).end(JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', metadata, items }))
  }

  #watch(kind: string, from: number, response: ServerResponse): void {
    if (from < this.#oldest) return refuse(response, 410, `too old resource version: ${from} (${this.#oldest})`)
    response.writeHead(200, json)
    response.flushHeaders()
    for (const event of this.#events) if (event.kind === kind && event.version > from) response.write(event.line)
    const watcher = { kind, response }
    this.#watchers.add(watcher)
    response.once('close', () => this.#watchers.delete(watcher))
  }
}

const json = { 'content-type': 'application/json' }

const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`

function isAuthorized({ socket }: IncomingMessage): boolean {
  return 'authorized' in socket && socket.authorized === true
}

function refuse(response: ServerResponse, code: number, message: string): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code }
  response.writeHead(code, json).end(`${JSON.stringify(status)}\n`)
}
