import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { MortiseError, reasonOf } from '../errors.ts'
import { inheritedSocket } from '../handover/inherited.ts'
import type { Place, TlsFiles } from '../server/listener.ts'
import type { FunctionSource, ServerOptions } from '../server/settings.ts'
import { readToken } from '../server/token.ts'
import { type Arguments, UsageError } from './command.ts'
import { deployOf } from './serve-deploy.ts'
import { sitesFrom, sitesOf } from './serve-sites.ts'
import { plain, whole } from './numbers.ts'

/** The options of `mortise serve`. */
export const serveFlags = {
  function: { type: 'string', multiple: true },
  web: { type: 'string', multiple: true },
  site: { type: 'string', multiple: true },
  mount: { type: 'string', multiple: true },
  detail: { type: 'boolean' },
  config: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'next-port': { type: 'boolean' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'token-file': { type: 'string' },
  'require-token': { type: 'boolean' },
  allow: { type: 'string', multiple: true },
  'allow-host': { type: 'string', multiple: true },
  'allow-origin': { type: 'string', multiple: true },
  deadline: { type: 'string' },
  memory: { type: 'string' },
  'max-parameters': { type: 'string' },
  'max-code': { type: 'string' },
  'max-functions': { type: 'string' },
  threads: { type: 'string' },
  drain: { type: 'string' },
  'swap-drain': { type: 'string' },
  log: { type: 'string' },
  store: { type: 'string' },
  'deploy-host': { type: 'string' },
  'deploy-port': { type: 'string' },
  'deploy-socket': { type: 'string' },
  'deploy-tls-cert': { type: 'string' },
  'deploy-tls-key': { type: 'string' },
  'deploy-tls-ca': { type: 'string' },
  'trusted-key': { type: 'string', multiple: true },
  keep: { type: 'string' },
  'no-local': { type: 'boolean' },
  openwhisk: { type: 'boolean' },
  takeover: { type: 'boolean' },
  harness: { type: 'boolean' },
  ready: { type: 'string' },
  extender: { type: 'string' },
  'tls-ca': { type: 'string' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  'service-account': { type: 'boolean' },
  reinit: { type: 'boolean' },
  debug: { type: 'boolean' },
  version: { type: 'boolean' },
  compile: { type: 'string' },
  env: { type: 'string' },
  folder: { type: 'string' },
} as const

export type Environment = Readonly<Record<string, string | undefined>>

/** What a server is to be, and whether its token has to be told. */
export interface Serve {
  readonly options: ServerOptions
  readonly made: boolean
}

/** Reads flags, then the environment, then the config file: what comes first counts. */
export async function readServe(args: Arguments, env: Environment): Promise<Serve> {
  if (args.positionals.length > 0)
    throw new UsageError(`It takes functions as --function name=path, not '${args.positionals[0]}'`)
  const config = await readConfig(args.text('config'))
  const file = args.text('token-file')
  const token = file === undefined ? (env['MORTISE_TOKEN'] ?? config.token) : await readToken(file)
  const { tls } = tlsOf(args)
  const given = {
    ...config,
    ...placeOf(args, env, config),
    ...(tls !== undefined && { tls }),
    ...limitsOf(args, config),
    ...listsOf(args, config),
    ...deployOf(args, config),
    ...sitesOf(args, config),
    functions: { ...config.functions, ...functionsOf(args) },
    log: args.choice('log', ['json', 'pretty', 'off']) ?? config.log ?? (args.json ? 'json' : 'pretty'),
    ...(token !== undefined && { token }),
    ...(args.flag('require-token') && { requireToken: true }),
  }
  return { options: given, made: token === undefined }
}

function placeOf(args: Arguments, env: Environment, config: ServerOptions): Partial<ServerOptions> {
  const { host = '127.0.0.1', port = 8080, nextPort = false } = config
  const place = readPlace(args, env, { host, port })
  if ('descriptor' in place) return place
  return { host: place.host, port: place.port, nextPort: nextPort || place.next === true }
}

/** Where to listen: flags first, then a socket that was handed over, then `PORT`. */
export function readPlace(args: Arguments, env: Environment, usual: { host: string; port: number }): Place {
  const descriptor = inheritedSocket(env)
  const given = args.text('port')
  if (descriptor !== undefined && given === undefined) return { descriptor }
  const port = given ?? env['PORT']
  return {
    host: args.text('host') ?? usual.host,
    port: port === undefined ? usual.port : whole('port', port),
    next: args.flag('next-port'),
  }
}

/** Refuses what means nothing with another option. */
export function refuseOthers(args: Arguments, option: string, known: readonly string[]): void {
  const isGiven = (name: string): boolean =>
    args.flag(name) || args.text(name) !== undefined || args.texts(name).length > 0
  const other = Object.keys(serveFlags).find((name) => !known.includes(name) && isGiven(name))
  if (other !== undefined) throw new UsageError(`--${other} does not go with ${option}`)
}

export function tlsOf(args: Arguments): { readonly tls: TlsFiles | undefined } {
  const cert = args.text('tls-cert')
  const key = args.text('tls-key')
  if (cert === undefined && key === undefined) return { tls: undefined }
  if (cert === undefined || key === undefined) throw new UsageError('It takes --tls-cert and --tls-key together')
  return { tls: { cert, key } }
}

function limitsOf(args: Arguments, { limits }: ServerOptions): Partial<ServerOptions> {
  const deadline = args.text('deadline')
  const memory = args.text('memory')
  const [maxParameters, maxCode, drain, swapDrain] = ['max-parameters', 'max-code', 'drain', 'swap-drain'].map((name) =>
    args.text(name),
  )
  const [maxFunctions, threads] = ['max-functions', 'threads'].map((name) => args.text(name))
  return {
    limits: { ...limits, ...(deadline && { deadline: plain(deadline) }), ...(memory && { memory: plain(memory) }) },
    ...(maxParameters && { maxParameters: plain(maxParameters) }),
    ...(maxCode && { maxCode: plain(maxCode) }),
    ...(drain && { drain: plain(drain) }),
    ...(swapDrain && { swapDrain: plain(swapDrain) }),
    ...(threads && { threads: whole('threads', threads) }),
    ...(maxFunctions && { maxFunctions: whole('max-functions', maxFunctions) }),
  }
}

function listsOf(args: Arguments, config: ServerOptions): Partial<ServerOptions> {
  const allowed = args.texts('allow').map((name) => {
    if (name === 'esm' || name === 'process') return name
    throw new UsageError(`--allow is '${name}', and can be esm, process`)
  })
  return {
    allow: [...(config.allow ?? []), ...allowed],
    hosts: [...(config.hosts ?? []), ...args.texts('allow-host')],
    origins: [...(config.origins ?? []), ...args.texts('allow-origin')],
  }
}

function functionsOf(args: Arguments): Record<string, FunctionSource> {
  const named = (flag: string, web: boolean): [string, FunctionSource][] =>
    args.texts(flag).map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--${flag} is '${pair}', and takes name=path`)
      return [pair.slice(0, at), { path: pair.slice(at + 1), web }]
    })
  return Object.fromEntries([...named('function', false), ...named('web', true)])
}

/** Paths in a config file begin at its folder. */
async function readConfig(file: string | undefined): Promise<ServerOptions> {
  if (file === undefined) return {}
  const config = await readObject(file)
  const from = (path: string): string => resolve(dirname(file), path)
  const { functions = {}, sites, tls, deploy } = config
  const sources = Object.entries(functions).map(([name, source]): [string, FunctionSource] => {
    const given = typeof source === 'string' ? { path: source } : source
    return [name, { ...given, path: from(given.path) }]
  })
  return {
    ...config,
    functions: Object.fromEntries(sources),
    ...(sites !== undefined && { sites: sitesFrom(sites, from) }),
    ...(tls !== undefined && { tls: { cert: from(tls.cert), key: from(tls.key) } }),
    ...(deploy !== undefined && { deploy: { ...deploy, store: from(deploy.store) } }),
  }
}

async function readObject(file: string): Promise<ServerOptions> {
  try {
    const config: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (isConfig(config)) return config
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the config file '${file}': ${reasonOf(cause)}`, { cause })
  }
  throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the config file '${file}': it is no JSON object`)
}

/** What is in it is checked where all options are. */
const isConfig = (value: unknown): value is ServerOptions =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
