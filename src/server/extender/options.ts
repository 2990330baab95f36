import { type Severity, severities } from '../../contracts/scheduler/options.ts'
import { parseDuration, parseSize, parseTimer } from '../../limits.ts'
import { checkKeys, checkOption, refuseOption } from '../../options.ts'
import type { LimitsOf } from '../../runtime.ts'
import { type Patience, patience, type TlsFiles } from '../listener.ts'
import type { LogStyle } from '../settings.ts'
import type { AttemptLimits } from './attempts.ts'

/** A plugin of an extender. */
export interface ExtenderPlugin {
  /** What it is called in logs and in the reasons that kube-scheduler shows. */
  readonly name: string
  /** Where its WebAssembly lies. */
  readonly path: string
  /** What its scores count beside those of the other plugins. Default 1. */
  readonly weight?: number
  /** What the guest reads as its configuration: a text, or what is given to it as JSON. Default: none. */
  readonly config?: unknown
  /** What the guest logs below this is dropped. Default `info`. */
  readonly severity?: Severity
  /** Narrower or wider limits than those of the runtime. */
  readonly limits?: LimitsOf<'wasm'>
}

/** The cluster whose nodes are followed, and whose API server binds pods. */
export type ExtenderCluster =
  | 'service-account'
  | {
      /** The path of a kubeconfig. */
      readonly kubeconfig: string
      /** The name of one of its contexts. Default: the current one. */
      readonly context?: string
    }

/** Options of an extender. Durations are milliseconds or `'10 s'`, sizes bytes or `'64 MiB'`. */
export interface ExtenderOptions {
  /** In the order in which they are called. */
  readonly plugins: readonly ExtenderPlugin[]
  /** The cluster, for requests that have only the names of nodes, and for bindings. Default: none. */
  readonly cluster?: ExtenderCluster
  /** The address to listen at. Default `127.0.0.1`; any other takes `token`, or `tls` with `ca`. */
  readonly host?: string
  /** The port, 0 for any that is free. Default 8888. */
  readonly port?: number
  /** A port that answers `/healthz` and `/readyz` and nothing else, without encryption and to anybody. Default: none. */
  readonly healthPort?: number
  /** Files of a certificate and its key, in PEM, for `https`; with `ca`, of whoever signs the certificates that clients have to show. */
  readonly tls?: TlsFiles
  /** What requests have to have as bearer, or as the password of the URL. Default: nothing. */
  readonly token?: string
  /** Names that the server may be called by beside `localhost` and its address. Default: any, where clients have to be known. */
  readonly hosts?: readonly string[]
  /** How long an attempt may be under way from filter to bind. Default 30 s. */
  readonly lease?: number | string
  /** How many attempts there may be at once; each has an instance of each plugin, and one more ends the oldest. Default 32, at most 1,000. */
  readonly attempts?: number
  /** How long the plugins may take for one request. Default 5 s, as long as kube-scheduler waits by itself. */
  readonly timeout?: number | string
  /** Bytes of a request. Default 64 MiB; four times as much may be under way. */
  readonly maxBody?: number | string
  /** Loads a plugin anew when its file changes. Default: true. */
  readonly watch?: boolean
  /** The end waits so long for requests under way. Default 10 s. */
  readonly drain?: number | string
  /** How long clients may take: for headers (10 s), a whole request (60 s), taking an answer (30 s). */
  readonly patience?: { readonly [P in keyof Patience]?: number | string }
  /** Where requests and the lines of plugins are logged: `json` and `pretty` to stdout. Default `off`. */
  readonly log?: LogStyle
}

/** The same, parsed. */
export interface ExtenderSettings {
  readonly plugins: readonly PluginSettings[]
  readonly cluster: ExtenderCluster | undefined
  readonly place: { readonly host: string; readonly port: number }
  readonly healthPort: number | undefined
  readonly tls: TlsFiles | undefined
  readonly token: string | undefined
  readonly hosts: readonly string[]
  readonly limits: AttemptLimits
  readonly maxBody: number
  readonly watch: boolean
  readonly drain: number
  readonly patience: Patience
  readonly log: LogStyle
}

/** A plugin, parsed; its limits are parsed where they are enforced. */
export interface PluginSettings {
  readonly name: string
  readonly path: string
  readonly weight: number
  readonly config: string
  readonly severity: Severity
  readonly limits: LimitsOf<'wasm'>
}

const optionNames =
  'plugins cluster host port healthPort tls token hosts lease attempts timeout maxBody watch drain patience log'.split(
    ' ',
  )
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])
const mostWeight = 10_000

/** The one parser of an extender's options: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseExtender(options: ExtenderOptions): ExtenderSettings {
  checkKeys(options, optionNames, 'an extender')
  const { host = '127.0.0.1', port = 8888, tls, token, attempts = 32, watch = true, log = 'off' } = options
  const { lease = '30 s', timeout = '5 s', maxBody = '64 MiB', drain = '10 s' } = options
  checkOption('host', host, typeof host === 'string' && host !== '', 'an address, such as 127.0.0.1')
  const { healthPort } = options
  checkOption('port', port, isPort(port), 'a whole number from 0 to 65535')
  checkOption(
    'healthPort',
    healthPort,
    healthPort === undefined || isPort(healthPort),
    'a whole number from 0 to 65535',
  )
  checkOption('attempts', attempts, Number.isSafeInteger(attempts) && attempts >= 1 && attempts <= 1000, '1 to 1,000')
  checkOption('watch', watch, typeof watch === 'boolean', 'true or false')
  checkOption('log', log, ['json', 'pretty', 'off'].includes(log), 'json, pretty or off')
  if (tls !== undefined) checkKeys(tls, ['cert', 'key', 'ca'], 'tls')
  const known = token !== undefined || tls?.ca !== undefined
  checkOption('host', host, known || loopback.has(host), "a loopback address without 'token', or 'tls' with 'ca'")
  const { hosts = known ? ['*'] : [] } = options
  checkOption('hosts', hosts, isTexts(hosts), 'a list of names')
  return {
    plugins: parsePlugins(options.plugins),
    cluster: parseCluster(options.cluster),
    place: { host, port },
    healthPort,
    tls,
    token,
    hosts,
    limits: { most: attempts, lease: parseTimer('lease', lease), timeout: parseTimer('timeout', timeout) },
    maxBody: parseSize('maxBody', maxBody, '64 MiB'),
    watch,
    drain: parseTimer('drain', drain),
    patience: parsePatience(options.patience ?? {}),
    log,
  }
}

/** Parses the plugins alone, which may change while an extender runs: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parsePlugins(plugins: readonly ExtenderPlugin[]): readonly PluginSettings[] {
  checkOption('plugins', plugins, Array.isArray(plugins) && plugins.length > 0, 'a list of one plugin or more')
  const names = new Set<string>()
  return plugins.map((plugin) => {
    checkKeys(plugin, ['name', 'path', 'weight', 'config', 'severity', 'limits'], 'a plugin of an extender')
    const { name, path, weight = 1, config, severity = 'info', limits = {} } = plugin
    checkOption('name', name, typeof name === 'string' && !names.has(name), 'a text, and each name once')
    names.add(name)
    checkOption('path', path, typeof path === 'string' && path !== '', 'the path of a file')
    const counts = Number.isSafeInteger(weight) && weight >= 1 && weight <= mostWeight
    checkOption('weight', weight, counts, `a whole number from 1 to ${mostWeight}`)
    checkOption('severity', severity, severities.includes(severity), `one of ${severities.join(', ')}`)
    checkOption('limits', limits, typeof limits === 'object' && limits !== null, 'an object of limits')
    return { name, path, weight, config: configOf(config), severity, limits }
  })
}

function configOf(config: unknown): string {
  if (config === undefined || config === null) return ''
  return typeof config === 'string'
    ? config
    : (JSON.stringify(config) ?? refuseOption('config', config, 'a text or JSON'))
}

function parseCluster(cluster: ExtenderCluster | undefined): ExtenderCluster | undefined {
  if (cluster === undefined || cluster === 'service-account') return cluster
  checkKeys(cluster, ['kubeconfig', 'context'], 'the cluster of an extender')
  const { kubeconfig, context } = cluster
  checkOption('kubeconfig', kubeconfig, typeof kubeconfig === 'string' && kubeconfig !== '', 'the path of a file')
  checkOption('context', context, context === undefined || typeof context === 'string', 'a text')
  return cluster
}

function parsePatience(given: NonNullable<ExtenderOptions['patience']>): Patience {
  checkKeys(given, Object.keys(patience), 'patience')
  const { headers = patience.headers, request = patience.request, answer = patience.answer } = given
  return {
    headers: parseDuration('patience.headers', headers),
    request: parseDuration('patience.request', request),
    answer: parseDuration('patience.answer', answer),
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')
