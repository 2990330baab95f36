import type { Key } from '../contracts/extension/storage.ts'
import { checkKeys, checkOption } from '../options.ts'
import { textOf, wrong } from './key-fields.ts'
import type { WorkspaceContext } from './workspace.ts'
import { failureOf, isWeb, type ParsedWebLimits, parseWebLimits, send, type WebLimits, webLimits } from './web.ts'

/** Options of the storages that ask another instance: {@link federationCommand} and {@link federationBlob}. */
export interface FederationOptions extends WebLimits {
  /** The instance's URL, such as `https://cluster.example.com/`. */
  readonly url: string
  /** Who owns the application that a key without `Owner` means. */
  readonly owner: string
  /** The application that a key without `AppName` means. */
  readonly app: string
  /** What requests are authorised with where a key has no `Token`: a token, or a function that gives one. */
  readonly token: string | (() => string | Promise<string>)
}

/** Another instance. */
export interface Federation {
  readonly limits: ParsedWebLimits
  /** The application's part of a path that a key means: owner and name, escaped. */
  readonly app: (key: Key) => string
  /** Asks it: throws where it cannot be reached, or answers with a status that the key does not expect. */
  readonly ask: (request: FederationRequest) => Promise<globalThis.Response>
}

/** What an instance is asked for. */
export interface FederationRequest {
  readonly key: Key
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
  readonly signal: AbortSignal
}

/** The one parser of what storages of other instances are made with. */
export function federation(options: FederationOptions, where: string): Federation {
  checkKeys(options, ['url', 'owner', 'app', 'token', ...webLimits], where)
  const { url, owner, app, token } = options
  const base = typeof url === 'string' ? URL.parse(url.endsWith('/') ? url : `${url}/`) : null
  // What is no such URL may hold a password nonetheless.
  const plain = base !== null && isWeb(base) && base.username === '' && base.password === ''
  checkOption('url', typeof url, plain, 'the URL of an instance, without a name and a password')
  for (const [name, value] of Object.entries({ owner, app })) {
    checkOption(name, value, typeof value === 'string' && value !== '', 'a name')
  }
  checkOption('token', token, typeof token === 'string' || typeof token === 'function', 'a text or a function')
  const limits = parseWebLimits(options)
  return {
    limits,
    app: (key) => `${part('Owner', textOf(key, 'Owner') || owner)}/${part('AppName', textOf(key, 'AppName') || app)}`,
    async ask({ key, path, method, body, signal: ended }) {
      const expected = expectedCodes(textOf(key, 'ExpectedCodes'))
      const own = textOf(key, 'Token')
      if (!isToken(own)) wrong('Token', 'it is no token')
      const bearer = own === '' ? (typeof token === 'string' ? token : await token()) : own
      if (!isToken(bearer)) throw new Error("the option 'token' is no token, or gives none")
      const headers = new Headers({ authorization: `Bearer ${bearer}` })
      if (body !== undefined) headers.set('content-type', 'application/json')
      const signal = AbortSignal.any([ended, AbortSignal.timeout(limits.timeout)])
      const target = new URL(path, base ?? undefined)
      let answer
      try {
        const bytes = body === undefined ? undefined : new Uint8Array(Buffer.from(body))
        // An instance that redirects is not the one that was meant, and would get the token.
        answer = await send({ url: target, method, headers, body: bytes, signal }, () => false)
      } catch (thrown) {
        ended.throwIfAborted()
        const why = signal.aborted ? `it took longer than ${limits.timeout} ms` : failureOf(thrown)
        throw new Error(`${method} ${target.href} failed: ${why}`, { cause: thrown })
      }
      if (expected.includes(answer.status)) return answer
      await answer.body?.cancel()
      throw new Error(`${method} ${target.href} answered with ${answer.status}, and ${expected.join(', ')} is expected`)
    },
  }
}

/** The workspace that a key means, as a part of a path. */
export function workspaceOf({ fields }: Key, { workspace }: WorkspaceContext): bigint {
  const given = fields.get('WSID')
  const wsid = typeof given === 'bigint' || typeof given === 'number' ? BigInt(given) : workspace
  return wsid < 0n ? wrong('WSID', `wsid value is out of range: ${wsid}`) : wsid
}

/** A name as a part of a path, which it does not lead out of. */
export function part(field: string, name: string): string {
  return name === '.' || name === '..' ? wrong(field, `'${name}' is no name`) : encodeURIComponent(name)
}

/** The statuses that a key expects. */
export function expectedCodes(list: string): readonly number[] {
  if (list === '') return [200]
  return list.split(',').map((code) => {
    const number = Number(code.trim())
    if (Number.isInteger(number) && number >= 100 && number <= 599) return number
    return wrong('ExpectedCodes', `'${code.slice(0, 50)}' is no status`)
  })
}

/** Whether a header can hold it: an error of `Headers` would show it. */
const isToken = (token: unknown): token is string => typeof token === 'string' && /^[\x20-\x7e]*[\r\n]*$/.test(token)
