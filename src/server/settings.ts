import { parseDuration, parseSize, parseTimer } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import type { FunctionLimits } from '../functions/functions.ts'
import { limitNames } from '../functions/options.ts'
import { type DeployOptions, type DeploySettings, parseDeploy } from './deploy/options.ts'
import type { Patience, Place, TlsFiles } from './listener.ts'
import { patience } from './listener.ts'
import { parseSite, type SiteSource } from './site/options.ts'

/** How a server logs. */
export type LogStyle = 'json' | 'pretty' | 'off'

/** A function that a server has from its start. */
export interface FunctionSource extends FunctionLimits {
  /** Where its code lies: what could be posted, as a file. */
  readonly path: string
  /** The function to call in it. Default `main`. */
  readonly main?: string
  /** What it finds in its environment. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>
  /** It is offered at `/web/<name>`. Default: false. */
  readonly web?: boolean
  /** As a web action it gets query and body as they came. Default: false. */
  readonly raw?: boolean
  /** As a web action it answers `OPTIONS` itself. Default: false. */
  readonly customOptions?: boolean
  /** As a web action it takes requests with this secret in `x-require-whisk-auth`; `true`: with the server's token. Default: false. */
  readonly requireAuth?: string | boolean
  /** As a web action it is always given these parameters. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** Options of a server. Durations are milliseconds or `'10 s'`, sizes bytes or `'1 MiB'`. */
export interface ServerOptions {
  /** The address to listen at. Default `127.0.0.1`. */
  readonly host?: string
  /** The port, 0 for any that is free. Default 8080. */
  readonly port?: number
  /** Takes the next port that is free where this one is taken. Default: false. */
  readonly nextPort?: boolean
  /** A descriptor of a socket that listens already, in place of host and port. */
  readonly descriptor?: number
  /** Files of a certificate and its key, in PEM, for `https`. Default: plain `http`. */
  readonly tls?: TlsFiles
  /** What whoever posts code has to send as bearer. Default: 32 random bytes. */
  readonly token?: string
  /**
   * Takes activations at `/run` only with a bearer: this token, or one of the deploy API's store that has the role `invoke`. Web actions and
   * sites are for everybody. Default: false.
   */
  readonly requireToken?: boolean
  /** What may be posted beside WebAssembly. Whoever may post programs may do what this process may. Default: nothing. */
  readonly allow?: readonly ('esm' | 'process')[]
  /** Names that the server may be called by beside `localhost` and its address; `*` for any. Default: none. */
  readonly hosts?: readonly string[]
  /** Origins whose web pages may send requests; `*` for any. Default: none. */
  readonly origins?: readonly string[]
  /** Functions that are there from the start, by name: a path, or more about it. Default: none. */
  readonly functions?: Readonly<Record<string, string | FunctionSource>>
  /**
   * HTTP handlers that are there from the start, by name: a path, which is mounted at `/`, or more about it. JavaScript takes `allow`.
   * Default: none.
   */
  readonly sites?: Readonly<Record<string, string | SiteSource>>
  /** Tells whoever asks a site what is wrong inside of it, and at `/_mortise` how all are: for development. Default: false. */
  readonly detail?: boolean
  /** Limits of functions and sites that have none of their own. */
  readonly limits?: FunctionLimits
  /** Bytes of the parameters of an activation, and of the body of a request for a site. Default 1 MiB. */
  readonly maxParameters?: number | string
  /** Bytes of posted code. Default 48 MiB. */
  readonly maxCode?: number | string
  /** Functions that there may be, and sites. Default 1,000. */
  readonly maxFunctions?: number
  /** Threads for WebAssembly that takes longer than 10 ms, of functions and of sites. Default: one less than processors, at least 4. */
  readonly threads?: number
  /** The end waits so long for requests under way. Default 10 s. */
  readonly drain?: number | string
  /** How long activations and requests may go on once their version is live no more. Default: each has its deadline. */
  readonly swapDrain?: number | string
  /** How long clients may take: for headers (10 s), a whole request (60 s), taking an answer (30 s). */
  readonly patience?: { readonly [P in keyof Patience]?: number | string }
  /** Where requests and the lines of functions are logged: `json` and `pretty` to stdout. Default `off`. */
  readonly log?: LogStyle
  /** The deploy API, at a place of its own. Default: there is none. */
  readonly deploy?: DeployOptions
}

/** The same, parsed: bytes and milliseconds. */
export interface ServerSettings {
  readonly place: Place
  readonly tls: TlsFiles | undefined
  readonly token: string | undefined
  readonly requireToken: boolean
  readonly allow: readonly ('esm' | 'process')[]
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
  readonly functions: ReadonlyMap<string, FunctionSource>
  readonly sites: ReadonlyMap<string, SiteSource>
  readonly detail: boolean
  readonly limits: FunctionLimits
  readonly maxParameters: number
  readonly maxCode: number
  readonly maxFunctions: number
  readonly threads: number | undefined
  readonly drain: number
  readonly swapDrain: number
  readonly patience: Patience
  readonly log: LogStyle
  readonly deploy: DeploySettings | undefined
}

/** The names of all options. */
const optionNames: readonly string[] =
  'host port nextPort descriptor tls token requireToken allow hosts origins functions sites detail limits maxParameters maxCode maxFunctions threads drain swapDrain patience log deploy'.split(
    ' ',
  )

const sourceNames = ['path', 'main', 'env', 'web', 'raw', 'customOptions', 'requireAuth', 'parameters']

/** The one parser of a server's options: `OPTION_UNKNOWN`, `OPTION_INVALID`. Limits of functions are parsed where they are enforced. */
export function parseServer(options: ServerOptions): ServerSettings {
  checkKeys(options, optionNames, 'a server')
  const { host = '127.0.0.1', port = 8080, nextPort = false, descriptor, tls, token } = options
  const { allow = [], hosts = [], origins = [], functions = {}, limits = {}, maxFunctions = 1000 } = options
  const { threads, sites = {}, detail = false, requireToken = false, swapDrain = Infinity } = options
  const { maxParameters = '1 MiB', maxCode = '48 MiB', drain = '10 s', log = 'off' } = options
  checkOption('host', host, typeof host === 'string' && host !== '', 'an address, such as 127.0.0.1')
  checkOption('port', port, Number.isInteger(port) && port >= 0 && port <= 65_535, 'a whole number from 0 to 65535')
  checkOption('allow', allow, isList(allow) && allow.every(isAllowed), "a list of 'esm' and 'process'")
  checkOption('hosts', hosts, isList(hosts), 'a list of names')
  checkOption('origins', origins, isList(origins), 'a list of origins, such as https://example.org')
  checkOption('log', log, ['json', 'pretty', 'off'].includes(log), 'json, pretty or off')
  checkOption('maxFunctions', maxFunctions, Number.isSafeInteger(maxFunctions) && maxFunctions >= 1, 'a number from 1')
  const whole = threads === undefined || (Number.isSafeInteger(threads) && threads >= 1 && threads <= 1000)
  checkOption('threads', threads, whole, 'a number from 1 to 1000')
  checkOption('functions', functions, typeof functions === 'object' && functions !== null, 'functions by name')
  checkOption('sites', sites, typeof sites === 'object' && sites !== null, 'sites by name')
  checkOption('requireToken', requireToken, typeof requireToken === 'boolean', 'true or false')
  checkOption('detail', detail, typeof detail === 'boolean', 'true or false')
  if (tls !== undefined) checkKeys(tls, ['cert', 'key'], 'tls')
  return {
    place: descriptor === undefined ? { host, port, next: nextPort } : { descriptor },
    tls,
    token,
    requireToken,
    allow,
    hosts,
    origins,
    functions: new Map(Object.entries(functions).map(([name, source]) => [name, parseSource(name, source)])),
    sites: new Map(Object.entries(sites).map(([name, source]) => [name, parseSiteSource(name, source)])),
    detail,
    limits,
    maxParameters: parseSize('maxParameters', maxParameters, '1 MiB'),
    maxCode: parseSize('maxCode', maxCode, '48 MiB'),
    maxFunctions,
    threads,
    drain: parseDuration('drain', drain),
    swapDrain: swapDrain === Infinity ? Infinity : parseTimer('swapDrain', swapDrain),
    patience: parsePatience(options.patience ?? {}),
    log,
    deploy: options.deploy === undefined ? undefined : parseDeploy(options.deploy),
  }
}

function parseSource(name: string, source: string | FunctionSource): FunctionSource {
  if (typeof source === 'string') return { path: source }
  checkKeys(source, [...sourceNames, ...limitNames], `the function '${name}'`)
  checkOption('path', source.path, typeof source.path === 'string', 'the path of a file')
  return source
}

function parseSiteSource(name: string, source: string | SiteSource): SiteSource {
  if (typeof source === 'string') return { path: source }
  const { path, ...options } = source
  checkOption('path', path, typeof path === 'string', 'the path of a file')
  parseSite(name, options)
  return source
}

function parsePatience(given: NonNullable<ServerOptions['patience']>): Patience {
  checkKeys(given, Object.keys(patience), 'patience')
  const { headers = patience.headers, request = patience.request, answer = patience.answer } = given
  return {
    headers: parseDuration('patience.headers', headers),
    request: parseDuration('patience.request', request),
    answer: parseDuration('patience.answer', answer),
  }
}

const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')
const isAllowed = (value: string): boolean => value === 'esm' || value === 'process'
