import { Agent as PlainAgent, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import { MortiseError, reasonOf } from '../errors.ts'
import type { ApiServer } from './api-server.ts'
import { fieldOf } from './objects.ts'

/** Bytes of an answer, which is a page of objects at most. */
const mostBytes = 64 * 2 ** 20
/** Bytes of an answer that says what went wrong. */
const mostOfError = 65_536
/** For a whole answer, in milliseconds. */
const longest = 30_000
const tooLate = `no answer within ${longest / 1000} s`

/** A request of the API server. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST'
  /** The path, with its query: `/api/v1/nodes?limit=500`. */
  readonly path: string
  readonly body?: object
  readonly signal?: AbortSignal
}

/** Asks the API server of a cluster. Its certificate is always checked. */
export class ApiClient implements Disposable {
  readonly #server: ApiServer
  readonly #agent: Agent | PlainAgent

  constructor(server: ApiServer) {
    this.#server = server
    const { ca, client, serverName } = server
    const options = { keepAlive: true, maxSockets: 16 }
    this.#agent =
      server.url.protocol === 'http:'
        ? new PlainAgent(options)
        : new Agent({
            ...options,
            minVersion: 'TLSv1.2',
            ...(ca !== undefined && { ca }),
            ...client,
            ...(serverName !== undefined && { servername: serverName }),
          })
  }

  /**
   * Asks once and reads the whole answer.
   *
   * @returns what was answered, from JSON
   * @throws MortiseError `API_SERVER_FAILED`, with `details.status` where there was an answer
   */
  async ask(asked: ApiRequest): Promise<unknown> {
    const limit = AbortSignal.timeout(longest)
    const signal = asked.signal === undefined ? limit : AbortSignal.any([asked.signal, limit])
    try {
      const response = await this.#send({ ...asked, signal })
      return JSON.parse((await readAll(response, mostBytes)).toString())
    } catch (error) {
      throw failed(asked, error, limit.aborted ? tooLate : undefined)
    }
  }

  /**
   * Asks for what the server tells as it happens.
   *
   * @returns the answer, once it has begun; the signal ends it
   * @throws MortiseError `API_SERVER_FAILED`
   */
  async stream(asked: ApiRequest & { readonly signal: AbortSignal }): Promise<IncomingMessage> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), longest)
    try {
      return await this.#send({ ...asked, signal: AbortSignal.any([asked.signal, late.signal]) })
    } catch (error) {
      throw failed(asked, error, late.signal.aborted ? tooLate : undefined)
    } finally {
      clearTimeout(timer)
    }
  }

  /** Lets go of its connections. */
  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  async #send({ method = 'GET', path, body, signal }: ApiRequest): Promise<IncomingMessage> {
    const { url, token } = this.#server
    const bearer = await token?.()
    const text = body === undefined ? undefined : JSON.stringify(body)
    const send = url.protocol === 'http:' ? plainRequest : request
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = send(`${url.origin}${url.pathname.replace(/\/$/, '')}${path}`, {
        method,
        agent: this.#agent,
        headers: {
          accept: 'application/json',
          'user-agent': 'mortise',
          ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        },
        ...(signal !== undefined && { signal }),
      })
      sent.once('response', resolve)
      sent.once('error', reject)
      sent.end(text)
    })
    const { statusCode = 0 } = response
    if (statusCode >= 200 && statusCode < 300) return response
    throw new Refusal(statusCode, await reasonIn(response))
  }
}

/** An answer that is none of those hoped for. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, reason: string) {
    super(`status ${status}${reason === '' ? '' : `, ${reason}`}`)
    this.status = status
  }
}

function failed({ method = 'GET', path }: ApiRequest, error: unknown, late?: string): MortiseError {
  if (MortiseError.is(error)) return error
  const sentence = `Cannot ${method} ${path} of the API server: ${late ?? reasonOf(error)}`
  return new MortiseError('API_SERVER_FAILED', sentence, {
    cause: error,
    ...(error instanceof Refusal && { status: error.status }),
  })
}

async function readAll(response: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  const pieces: AsyncIterable<Buffer> = response
  for await (const chunk of pieces) {
    length += chunk.length
    if (length > most) throw new Error(`the answer has more than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What a `Status` of Kubernetes says, or the text that came in its place. */
async function reasonIn(response: IncomingMessage): Promise<string> {
  const text = await readAll(response, mostOfError).then(String, () => '')
  try {
    const message = fieldOf(JSON.parse(text), 'message')
    if (typeof message === 'string') return message.slice(0, 500)
  } catch {
    // Something in between has answered, and not in JSON.
  }
  return text.slice(0, 200).trim()
}
