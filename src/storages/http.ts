import { type Row, RowReader } from '../contracts/extension/fields.ts'
import type { AsyncStorage, Key } from '../contracts/extension/storage.ts'
import { GuestFault } from '../fault.ts'
import { checkKeys } from '../options.ts'
import { integerOf, textOf, textsOf, wrong } from './key-fields.ts'
import {
  type Allow,
  failureOf,
  isWeb,
  type Outgoing,
  parseAllow,
  type ParsedWebLimits,
  parseWebLimits,
  send,
  type WebLimits,
  webLimits,
  whole,
} from './web.ts'

/** Options of {@link http}. */
export interface HttpOptions extends WebLimits {
  /** Which servers guests may ask, and be redirected to. */
  readonly allow: Allow
}

/** The fields of a key of `sys.Http`. */
export const httpKeyFields = {
  Url: 'string',
  Method: 'string',
  Header: 'string[]',
  Body: 'bytes',
  HTTPClientTimeoutMilliseconds: 'int64',
  HandleErrors: 'bool',
} as const

/**
 * The storage `sys.Http`: asks servers through `fetch`. A `read` gives one row, whatever the status is.
 *
 * A server that is not allowed, and a request that cannot be sent, end the guest's call. What fails on the way ends it too, or is
 * the row's `Error` where the key says `HandleErrors`.
 *
 * @param options - `allow`: which servers; `timeout` (default 20 s; a guest may ask for less, not for more) and `answer` (4 MiB)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { http } from 'mortise/storages'
 *
 * const web = http({ allow: ['api.example.com'], timeout: '5 s', answer: '1 MiB' })
 * console.log(web.async)
 * ```
 */
export function http(options: HttpOptions): AsyncStorage {
  checkKeys(options, ['allow', ...webLimits], 'http()')
  const allowed = parseAllow(options.allow)
  const limits = parseWebLimits(options)
  return {
    async: true,
    keyFields: () => httpKeyFields,
    acts: (key) => !['', 'GET', 'HEAD', 'OPTIONS'].includes(textOf(key, 'Method').toUpperCase()),
    async *read(key, _context, { signal }) {
      yield [Object.fromEntries(key.fields), await ask(key, signal, allowed, limits)] as const
    },
  }
}

async function ask(
  key: Key,
  ended: AbortSignal,
  allowed: (url: URL) => boolean,
  { timeout, answer: limit }: ParsedWebLimits,
): Promise<Row> {
  const wanted = integerOf(key, 'HTTPClientTimeoutMilliseconds') ?? timeout
  if (wanted < 1) wrong('HTTPClientTimeoutMilliseconds', `HTTPClientTimeoutMilliseconds is out of range: ${wanted}`)
  const time = Math.min(wanted, timeout)
  const signal = AbortSignal.any([ended, AbortSignal.timeout(time)])
  const request = outgoing(key, signal)
  if (!allowed(request.url)) {
    const { storage } = key
    throw new GuestFault('EXTENSION_STORAGE', `${storage} may not ask ${request.url.origin}: it is not allowed`, {
      storage,
    })
  }
  try {
    const answer = await send(request, allowed)
    return rowOf(answer.status, await whole(answer, limit), linesOf(answer.headers), '')
  } catch (thrown) {
    ended.throwIfAborted()
    const why = `${request.method} ${request.url.href} failed: ${signal.aborted ? `it took longer than ${time} ms` : failureOf(thrown)}`
    if (key.fields.get('HandleErrors') !== true) throw new Error(why, { cause: thrown })
    return rowOf(0, new Uint8Array(Buffer.from(why)), '', why)
  }
}

/** The request that a key describes. */
export function outgoing(key: Key, signal: AbortSignal): Outgoing {
  const text = textOf(key, 'Url')
  if (text === '') wrong('Url', "'url': not found")
  const url = URL.parse(text)
  if (url === null || !isWeb(url)) wrong('Url', `'url': '${text.slice(0, 200)}' is no URL of the web`)
  if (url.username !== '' || url.password !== '') wrong('Url', "'url': it may not have a user's name or password")
  const method = (textOf(key, 'Method') || 'GET').toUpperCase()
  if (!/^[A-Z]{1,20}$/.test(method)) wrong('Method', `'${method.slice(0, 200)}' is no method`)
  const given = key.fields.get('Body')
  const body = given instanceof Uint8Array && given.length > 0 ? new Uint8Array(given) : undefined
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) wrong('Body', `a ${method} has no body`)
  return { url, method, headers: headersOf(textsOf(key, 'Header')), body, signal }
}

function headersOf(lines: readonly string[]): Headers {
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) wrong('Header', `'${line.slice(0, 200)}' is no header: it has no name before a colon`)
    const name = line.slice(0, colon).trim()
    try {
      headers.append(name, line.slice(colon + 1).trim())
    } catch {
      // Its value may be a secret.
      wrong('Header', `'${name.slice(0, 200)}' is no header, or has a value that none can have`)
    }
  }
  return headers
}

/** All headers, one a line, as the reference engine writes them. */
export function linesOf(headers: Headers): string {
  return [...headers].map(([name, value]) => `${canonical(name)}: ${value}`).join('\n')
}

const canonical = (name: string): string => name.replaceAll(/(?:^|-)[a-z]/g, (part) => part.toUpperCase())

/** An answer as guests read it: `error` says why there is none. */
export function rowOf(status: number, body: Uint8Array, headers: string, error: string): Row {
  return new RowReader((kind, name) => {
    if (kind === 'int32') return status
    if (kind === 'bytes') return body
    if (kind !== 'string') return undefined
    if (name === 'Header') return headers
    return name === 'Error' ? error : Buffer.from(body).toString()
  })
}
