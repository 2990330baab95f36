import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { reasonOf } from '../errors.ts'
import type { DeployOptions, Server, ServerOptions } from '../server/server.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { announce } from './local-servers.ts'
import type { Environment } from './serve-options.ts'
import { whole } from './numbers.ts'

/** The flags of the deploy API; without a store they mean nothing. */
const flags = [
  'deploy-host',
  'deploy-port',
  'deploy-socket',
  'deploy-tls-cert',
  'deploy-tls-key',
  'deploy-tls-ca',
  'keep',
]

/** The deploy API of a server: it has one where it has a store. */
export function deployOf(args: Arguments, { deploy }: ServerOptions): Pick<ServerOptions, 'deploy'> {
  const store = args.text('store') ?? deploy?.store
  const keys = args.texts('trusted-key')
  if (store === undefined) {
    const first = flags.find((name) => args.text(name) !== undefined) ?? (keys.length > 0 ? 'trusted-key' : undefined)
    if (first !== undefined) throw new UsageError(`--${first} takes --store too, the folder of the deploy API`)
    return {}
  }
  const [host, port, socket] = ['deploy-host', 'deploy-port', 'deploy-socket'].map((name) => args.text(name))
  const keep = args.text('keep')
  return {
    deploy: {
      ...deploy,
      store,
      ...(!args.flag('no-local') && { token: deploy?.token ?? randomBytes(32).toString('base64url') }),
      ...tlsOf(args),
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port: whole('deploy-port', port) }),
      ...(socket !== undefined && { socket }),
      ...(keep !== undefined && { keep: whole('keep', keep) }),
      ...(keys.length > 0 && { trustedKeys: [...(deploy?.trustedKeys ?? []), ...keys] }),
    },
  }
}

/**
 * Lets the commands of this user find a server: `mortise deploy` and its like.
 *
 * @returns what has to be done when it ends
 */
export async function tellCommands(
  { url: serves, deployUrl }: Server,
  { deploy }: ServerOptions,
  env: Environment,
  terminal: Terminal,
): Promise<() => Promise<void>> {
  if (deployUrl === undefined || deploy?.token === undefined) return async () => {}
  const { token, store } = deploy
  try {
    const here = { url: fromHere(deployUrl), serves: fromHere(serves) }
    return await announce({ pid: process.pid, ...here, token, store: resolve(store) }, env)
  } catch (error) {
    terminal.err(`mortise deploy will need --to and --token-file here: ${reasonOf(error)}\n`)
    return async () => {}
  }
}

/** An address as this machine reaches it, from any folder. */
function fromHere(url: string): string {
  if (url.startsWith('unix:')) return `unix:${resolve(url.slice('unix:'.length))}`
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}

function tlsOf(args: Arguments): Pick<DeployOptions, 'tls'> {
  const [cert, key, ca] = ['cert', 'key', 'ca'].map((name) => args.text(`deploy-tls-${name}`))
  if (cert === undefined && key === undefined && ca === undefined) return {}
  if (cert === undefined || key === undefined)
    throw new UsageError('It takes --deploy-tls-cert and --deploy-tls-key together')
  return { tls: { cert, key, ...(ca !== undefined && { ca }) } }
}
