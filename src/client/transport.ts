import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { MortiseError, reasonOf } from '../errors.ts'
import { fieldsOf, refusal, unreachable } from './failure.ts'
import type { ClientSettings } from './options.ts'

/** A request to a server. */
export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** From the API's own root. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly signal?: AbortSignal | undefined
}

/** Bytes that an answer may have. */
const mostAnswered = 2 ** 24
const atOnce = 8

/** Sends requests to one server, over connections that are kept. Redirects are not followed: the token is for this server. */
export class Transport implements Disposable {
  readonly #settings: ClientSettings
  readonly #agent: Agent

  constructor(settings: ClientSettings) {
    this.#settings = settings
    const kept = { keepAlive: true, maxSockets: atOnce }
    this.#agent = settings.url.protocol === 'https:' ? new TlsAgent({ ...kept, ...settings.tls }) : new Agent(kept)
  }

  /** Where the server is, as a sentence shows it. */
  get where(): string {
    const { socket, url } = this.#settings
    return socket ?? url.origin
  }

  /**
   * Asks, and reads an answer of JSON.
   *
   * @throws MortiseError what the server says; `SERVER_UNREACHABLE`, `SERVER_ANSWER`
   */
  async ask(ask: Ask): Promise<Readonly<Record<string, unknown>>> {
    const late = AbortSignal.timeout(this.#settings.timeout)
    const signal = ask.signal === undefined ? late : AbortSignal.any([late, ask.signal])
    try {
      const response = await this.#send({ ...ask, signal })
      return fieldsOf(await answerOf(response, ask.method))
    } catch (error) {
      if (ask.signal?.aborted === true) throw ask.signal.reason
      const timeout = this.#settings.timeout
      const thrown = late.aborted ? new Error(`it did not answer within ${timeout} ms`, { cause: error }) : error
      throw unreachable(this.where, thrown, ask.method === 'POST' || ask.method === 'DELETE')
    }
  }

  /**
   * Asks for an answer that goes on, which has to be read to its end or destroyed.
   *
   * @param idle - it is broken off when nothing came for so many milliseconds
   * @throws MortiseError as `ask`
   */
  async open(ask: Ask, idle: number): Promise<IncomingMessage> {
    try {
      const response = await this.#send(ask, idle)
      if (response.statusCode === 200) return response
      await answerOf(response, ask.method)
      throw refusal(response.statusCode ?? 0, {})
    } catch (error) {
      if (ask.signal?.aborted === true) throw ask.signal.reason
      throw unreachable(this.where, error, false)
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  async #send(ask: Ask, idle?: number): Promise<IncomingMessage> {
    for (;;) {
      const request = this.#request(ask)
      if (idle !== undefined) request.setTimeout(idle, () => request.destroy(new Error(`it was silent for ${idle} ms`)))
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
      request.once('response', resolve).on('error', reject).end(ask.body)
      try {
        return await promise
      } catch (error) {
        // A kept connection may have been closed there just now. What may be done twice is tried on another one.
        const again = request.reusedSocket && ask.method !== 'POST' && ask.method !== 'DELETE'
        if (!again || ask.signal?.aborted === true) throw error
      }
    }
  }

  #request({ method, path, headers = {}, body, signal }: Ask): ClientRequest {
    const { url, socket, token } = this.#settings
    const length = body === undefined ? undefined : { 'content-length': Buffer.byteLength(body) }
    const options = {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, ...length },
      agent: this.#agent,
      ...(signal !== undefined && { signal }),
    }
    const full = `${url.pathname.replace(/\/$/, '')}${path}`
    if (socket !== undefined) return plainRequest({ ...options, socketPath: socket, path: full })
    const place = { hostname: url.hostname.replaceAll(/[[\]]/g, ''), port: url.port, path: full }
    return (url.protocol === 'https:' ? tlsRequest : plainRequest)({ ...options, ...place })
  }
}

/** The body of an answer, as JSON; throws what a server says that refuses. */
async function answerOf(response: IncomingMessage, method: string): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue
    size += chunk.length
    if (size > mostAnswered) {
      response.destroy()
      throw new MortiseError('SERVER_ANSWER', `The server answered more than ${mostAnswered} bytes`)
    }
    chunks.push(chunk)
  }
  const status = response.statusCode ?? 0
  const body = parsed(Buffer.concat(chunks).toString(), status)
  if (status === 200) return body
  if (method === 'HEAD' && status === 404) throw new MortiseError('ARTIFACT_ABSENT', 'The server does not have it')
  throw refusal(status, body)
}

function parsed(text: string, status: number): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (status !== 200) return undefined
    throw new MortiseError('SERVER_ANSWER', `The server answered what is no JSON: ${reasonOf(cause)}`, { cause })
  }
}
