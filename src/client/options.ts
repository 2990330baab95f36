import { parseDuration } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'

/** Where a server is, and what is shown to it. */
export interface ClientOptions {
  /** Of its deploy API: `https://host:8081`, or `unix:` and the path of a socket. */
  readonly url: string
  /** What `mortise token add` printed. */
  readonly token: string
  /** Whoever signs the server's certificate, in PEM. Default: those that Node trusts. */
  readonly ca?: string
  /** A certificate to show, in PEM, and its key; where one is given, the other is too. Default: none. */
  readonly cert?: string
  readonly key?: string
  /** A request may take so long: milliseconds, or text like `'10 s'`. Default 2 min. */
  readonly timeout?: number | string
}

/** The same, parsed. */
export interface ClientSettings {
  readonly url: URL
  /** The path of a socket, which a URL of `http:` stands for. */
  readonly socket: string | undefined
  readonly token: string
  readonly tls: Readonly<Partial<Record<'ca' | 'cert' | 'key', string>>>
  readonly timeout: number
}

/** The one parser: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseClient(options: ClientOptions): ClientSettings {
  checkKeys(options, ['url', 'token', 'ca', 'cert', 'key', 'timeout'], 'a client of a server')
  const { url: text, token, ca, cert, key, timeout = '2 min' } = options
  const socket = /^unix:(.+)$/s.exec(text)?.[1]
  const url = URL.parse(socket === undefined ? text : 'http://localhost')
  const known = url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === ''
  checkOption('url', text, known, 'http://…, https://…, or unix: and the path of a socket')
  // The value itself is nobody's business, so that an error shows none of it.
  checkOption('token', 'what was given', /^[\x21-\x7e]{1,1000}$/.test(token), 'ASCII without spaces')
  checkOption('cert', 'what was given', (cert === undefined) === (key === undefined), 'a key with it, and the reverse')
  return {
    url: url ?? new URL('http://localhost'),
    socket,
    token,
    tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
    timeout: parseDuration('timeout', timeout),
  }
}
