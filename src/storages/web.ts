import { reasonOf } from '../errors.ts'
import { parseDeadline, parseSize } from '../limits.ts'
import { checkOption } from '../options.ts'

/** Which servers a storage may ask: hosts as in `URL.host` (`api.example.com`, `localhost:8080`), or a function that decides. */
export type Allow = readonly string[] | ((url: URL) => boolean)

/** What a storage that asks servers may take. */
export interface WebLimits {
  /** Milliseconds, or text like `'20 s'`, from the request to the last byte of the answer; default 20 s. */
  readonly timeout?: number | string
  /** Bytes of an answer; default 4 MiB. */
  readonly answer?: number | string
}

/** The same, parsed. */
export interface ParsedWebLimits {
  readonly timeout: number
  readonly answer: number
}

/** A request on its way out. */
export interface Outgoing {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | undefined
  readonly signal: AbortSignal
}

/** The names of the options of {@link WebLimits}. */
export const webLimits = ['timeout', 'answer'] as const

/** The one parser of what storages may take that ask servers. */
export function parseWebLimits({ timeout = '20 s', answer = '4 MiB' }: WebLimits): ParsedWebLimits {
  return { timeout: parseDeadline(timeout), answer: parseSize('answer', answer) }
}

/** The one parser of which servers may be asked. */
export function parseAllow(allow: Allow): (url: URL) => boolean {
  if (typeof allow === 'function') return (url) => decided(allow(url))
  checkAllow(allow, Array.isArray(allow))
  for (const host of allow) checkAllow(host, typeof host === 'string' && URL.parse(`http://${host}/`)?.host === host)
  const all = new Set(allow)
  return ({ host }) => all.has(host)
}

/** What a function said that decides: nothing else than true or false, since a promise would be true. */
export function decided(said: unknown): boolean {
  if (typeof said === 'boolean') return said
  const what = said instanceof Promise ? 'a Promise' : `a ${typeof said}`
  throw new TypeError(`'allow' gave ${what}, and says true or false`)
}

const checkAllow = (value: unknown, valid: boolean): void =>
  checkOption('allow', value, valid, "a list of hosts, such as ['api.example.com', 'localhost:8080'], or a function")

const mostRedirects = 10
const secrets = ['authorization', 'cookie', 'proxy-authorization']

/**
 * Sends a request, and follows redirects to servers that may be asked. What only the first server may know is not sent to another.
 *
 * @returns the answer, whose body is not read yet
 */
export async function send(request: Outgoing, allowed: (url: URL) => boolean): Promise<globalThis.Response> {
  let { url, method, body = null } = request
  const headers = new Headers(request.headers)
  for (let redirects = 0; ; redirects++) {
    const answer = await fetch(url, { method, headers, body, signal: request.signal, redirect: 'manual' })
    const to = isRedirect(answer.status) ? answer.headers.get('location') : null
    if (to === null) return answer
    await answer.body?.cancel()
    const next = URL.parse(to, url)
    if (next === null) throw new Error(`${url.host} redirects to '${to.slice(0, 200)}', which is no URL`)
    if (!isWeb(next) || !allowed(next)) throw new Error(`${url.host} redirects to ${next.origin}, which is not allowed`)
    if (redirects === mostRedirects) throw new Error(`${url.host} redirects for the ${mostRedirects + 1}th time`)
    if (next.origin !== url.origin) for (const name of secrets) headers.delete(name)
    if (becomesGet(answer.status, method)) {
      method = 'GET'
      body = null
      for (const name of ['content-type', 'content-encoding', 'content-language']) headers.delete(name)
    }
    url = next
  }
}

/** Whether a URL is one of the web. */
export const isWeb = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:'

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** As browsers do, and the Fetch standard says (HTTP-redirect fetch, 12). */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}

/** Reads an answer whole: throws where it is larger than it may be. */
export async function whole(answer: globalThis.Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for await (const part of partsOf(answer, limit)) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

/** The parts of an answer as they arrive: throws once they are more bytes than they may be. */
export async function* partsOf(answer: globalThis.Response, limit: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  if (answer.body === null) return
  const parts: AsyncIterable<Uint8Array> = answer.body
  for await (const part of parts) {
    bytes += part.length
    if (bytes > limit) throw new Error(`the answer has more than ${limit} bytes`)
    yield part
  }
}

/** Why a request failed: `fetch` itself says only that it did. */
export function failureOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? `: ${reasonOf(thrown.cause)}` : ''
  return `${reasonOf(thrown)}${cause}`
}
