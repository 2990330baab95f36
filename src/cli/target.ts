import { readFile } from 'node:fs/promises'
import { DeployClient } from '../client/client.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { readToken } from '../server/token.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { type LocalServer, localServers } from './local-servers.ts'
import type { Environment } from './serve-options.ts'

/** The options that say which server is meant. */
export const targetOptions = {
  to: { type: 'string' },
  'token-file': { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
} as const

/** How {@link targetOptions} are explained. */
export const targetHelp = `  --to <URL>              the deploy API of the server, or unix: and the path of a socket; default: MORTISE_URL,
                          or else the server of yours on this machine
  --token-file <file>     the token for it; default: MORTISE_TOKEN
  --ca <file>             who signs its certificate (PEM), where that is nobody whom Node trusts
  --cert <file>, --key <file>  a certificate to show to it, and its key`

/** A server that a command line means. */
export interface Target {
  readonly url: string
  readonly token: string
  readonly serves: string | undefined
}

/** The same, ready to be asked. */
export interface OpenTarget {
  readonly client: DeployClient
  /** Where what is deployed there is reached, if that is known. */
  readonly serves: string | undefined
}

/** The client of {@link openTarget}. */
export async function openClient(args: Arguments, terminal: Terminal): Promise<DeployClient> {
  return (await openTarget(args, terminal)).client
}

/**
 * Makes a client of the server that a command line means: flags, then `MORTISE_URL` and `MORTISE_TOKEN`, then the server of this user on
 * this machine.
 *
 * @throws MortiseError `CONFIG_UNREADABLE` for files that can't be read, `SERVER_UNREACHABLE` where no server is meant
 */
export async function openTarget(
  args: Arguments,
  terminal: Terminal,
  env: Environment = process.env,
): Promise<OpenTarget> {
  const { url, token, serves } = await findTarget(args, env)
  const [ca, cert, key] = await Promise.all(['ca', 'cert', 'key'].map((name) => readPem(name, args.text(name))))
  const client = new DeployClient({ url, token, ...ca, ...cert, ...key })
  const { protocol, hostname } = new URL(url)
  if (protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
    terminal.err(`The token can be read by whoever is between here and ${hostname}: https would hide it\n`)
  return { client, serves }
}

async function findTarget(args: Arguments, env: Environment): Promise<Target> {
  const file = args.text('token-file')
  const url = args.text('to') ?? set(env['MORTISE_URL'])
  const given = file === undefined ? undefined : await readToken(file)
  const servers = await localServers(env)
  if (url === undefined) {
    const server = only(servers)
    return { ...server, token: given ?? server.token }
  }
  const own = servers.find((server) => server.url === url)
  const token = given ?? set(env['MORTISE_TOKEN']) ?? own?.token
  if (token === undefined) throw new UsageError(`It takes --token-file, or MORTISE_TOKEN, for ${url}`)
  return { url, token, serves: own?.serves }
}

/** A variable that is empty is none. */
const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value)

function only(servers: readonly LocalServer[]): LocalServer {
  const [server, ...others] = servers
  if (server === undefined) {
    throw new MortiseError(
      'SERVER_UNREACHABLE',
      'Cannot tell which server is meant: none of yours runs here with a deploy API. Start one with mortise serve --store <folder>, or say where one is with --to',
    )
  }
  if (others.length === 0) return server
  const list = servers.map(({ url, serves }) => `${url} (for ${serves})`).join(', ')
  throw new UsageError(`There are ${servers.length} servers of yours here. Say which with --to: ${list}`)
}

async function readPem(name: string, file: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (file === undefined) return {}
  try {
    return { [name]: await readFile(file, 'utf8') }
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read --${name}: ${reasonOf(cause)}`, { cause })
  }
}
