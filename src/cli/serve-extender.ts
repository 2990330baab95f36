import { isDeepStrictEqual } from 'node:util'
import { MortiseError } from '../errors.ts'
import { type Extender, type ExtenderOptions, serveExtender } from '../server/extender/extender.ts'
import { FileChanges } from '../server/extender/file-changes.ts'
import { readToken } from '../server/token.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { readExtenderFile } from './extender-file.ts'
import { type Environment, serveFlags } from './serve-options.ts'
import { untilSignal } from './signals.ts'
import { whole } from './numbers.ts'

/** The options that mean something here; any other is refused, since nothing would come of it. */
const known: ReadonlySet<string> = new Set([
  'extender',
  'host',
  'port',
  'tls-cert',
  'tls-key',
  'tls-ca',
  'token-file',
  'allow-host',
  'kubeconfig',
  'context',
  'service-account',
  'drain',
  'log',
])

/** `mortise serve --extender`: plugins for a kube-scheduler. */
export async function runExtender(
  file: string,
  args: Arguments,
  env: Environment,
  terminal: Terminal,
): Promise<number> {
  const other = Object.keys(serveFlags).find((name) => !known.has(name) && isGiven(args, name))
  if (other !== undefined) throw new UsageError(`--${other} does not go with --extender`)
  if (args.positionals.length > 0)
    throw new UsageError('It takes plugins in the file of --extender, and none as an argument')
  let options = await readExtenderFile(file)
  const flags = await flagsOf(args, env, options)
  const extender = await serveExtender({ ...options, ...flags })
  const { url, plugins } = extender
  if (args.json)
    terminal.out(`${JSON.stringify({ level: 30, time: Date.now(), pid: process.pid, url, plugins, msg: 'ready' })}\n`)
  else
    terminal.out(`Ready at ${url}\n${plugins.map(({ name, digest }) => `  ${name} ${digest.slice(0, 12)}\n`).join('')}`)
  const changed = async (): Promise<void> => {
    options = await reread(file, options, extender, terminal)
  }
  using changes = new FileChanges(() => void changed(), undefined)
  if (options.watch !== false) changes.follow([file])
  await untilSignal()
  if (!(await extender.close())) terminal.err('Requests were still under way and were cut off\n')
  return 0
}

/** The plugins that are in the file by now, and the options that hold from now on. */
async function reread(
  file: string,
  before: ExtenderOptions,
  extender: Extender,
  terminal: Terminal,
): Promise<ExtenderOptions> {
  try {
    const options = await readExtenderFile(file)
    if (isDeepStrictEqual(options, before)) return before
    await extender.use(options.plugins)
    const names = extender.plugins.map(({ name }) => name).join(', ')
    terminal.err(`'${file}' changed: the plugins are ${names}\n`)
    if (!isDeepStrictEqual({ ...options, plugins: [] }, { ...before, plugins: [] }))
      terminal.err('What else changed in it counts after the next start\n')
    return options
  } catch (error) {
    if (!MortiseError.is(error)) throw error
    terminal.err(`'${file}' changed, and cannot be used, so that everything stays as it is: ${error.message}\n`)
    return before
  }
}

async function flagsOf(args: Arguments, env: Environment, options: ExtenderOptions): Promise<Partial<ExtenderOptions>> {
  const [host, port, drain] = [args.text('host'), args.text('port'), args.text('drain')]
  const [cert, key, ca] = [args.text('tls-cert'), args.text('tls-key'), args.text('tls-ca')]
  const tls = { ...options.tls, ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }) }
  if (tls.cert === undefined ? (tls.key ?? tls.ca) !== undefined : tls.key === undefined)
    throw new UsageError('It takes --tls-cert and --tls-key together, and --tls-ca with them')
  const file = args.text('token-file')
  const token = file === undefined ? env['MORTISE_TOKEN'] : await readToken(file)
  const hosts = args.texts('allow-host')
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: whole('port', port) }),
    ...(drain !== undefined && { drain: /^\d+$/.test(drain) ? Number(drain) : drain }),
    ...(tls.cert !== undefined && tls.key !== undefined && { tls: { ...tls, cert: tls.cert, key: tls.key } }),
    ...(token !== undefined && { token }),
    ...(hosts.length > 0 && { hosts: [...(options.hosts ?? []), ...hosts] }),
    ...clusterOf(args),
    log: args.choice('log', ['json', 'pretty', 'off']) ?? options.log ?? (args.json ? 'json' : 'pretty'),
  }
}

function clusterOf(args: Arguments): Pick<ExtenderOptions, 'cluster'> {
  const [kubeconfig, context] = [args.text('kubeconfig'), args.text('context')]
  const account = args.flag('service-account')
  if (kubeconfig === undefined && context !== undefined) throw new UsageError('--context takes --kubeconfig too')
  if (kubeconfig !== undefined && account) throw new UsageError('It takes --kubeconfig or --service-account')
  if (kubeconfig !== undefined) return { cluster: { kubeconfig, ...(context !== undefined && { context }) } }
  return account ? { cluster: 'service-account' } : {}
}

const isGiven = (args: Arguments, name: string): boolean =>
  args.flag(name) || args.text(name) !== undefined || args.texts(name).length > 0
