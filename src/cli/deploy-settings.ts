import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { type DeploySettings, signArtifact } from '../client/client.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Arguments, UsageError } from './command.ts'
import { whole } from './whole.ts'

/** The options that say what a version is to be. */
export const settingsOptions = {
  contract: { type: 'string' },
  mount: { type: 'string' },
  main: { type: 'string' },
  env: { type: 'string', multiple: true },
  'env-from': { type: 'string', multiple: true },
  web: { type: 'boolean' },
  smoke: { type: 'string' },
  sign: { type: 'string' },
  deadline: { type: 'string' },
  memory: { type: 'string' },
  concurrency: { type: 'string' },
  queue: { type: 'string' },
} as const

/** How {@link settingsOptions} are explained. */
export const settingsHelp = `  --contract <contract>   action or http; default: what the guest exports or imports says which
  --mount <path>          of http: where it answers, default /
  --main <name>           the function to call in it, default main
  --env <NAME=VALUE>      what it finds in its environment; may be given again
  --env-from <file>       the same, of a file of such lines; may be given again, and --env counts more
  --web                   offer it at /web/<name> too
  --smoke <JSON>          parameters of an activation that has to succeed before it is live
  --sign <file>           sign the artifact with this private key (Ed25519, PEM)
  --deadline <time>, --memory <size>, --concurrency <n>, --queue <n>  limits, where they are not the server's`

/** The settings that a command line asks for, but for the contract and the signature. */
export async function readSettings(args: Arguments): Promise<DeploySettings> {
  const [mount, main, smoke] = ['mount', 'main', 'smoke'].map((name) => args.text(name))
  const env = await readEnv(args)
  const limits = readLimits(args)
  return {
    ...(mount !== undefined && { mount }),
    ...(main !== undefined && { main }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(args.flag('web') && { web: true }),
    ...(smoke !== undefined && { smoke: readSmoke(smoke) }),
    ...(Object.keys(limits).length > 0 && { limits }),
  }
}

/** The signature of an artifact, where one is asked for. */
export async function readSignature(args: Arguments, digest: string): Promise<Pick<DeploySettings, 'signature'>> {
  const file = args.text('sign')
  return file === undefined ? {} : { signature: signArtifact(digest, await read('key', file)) }
}

function readLimits(args: Arguments): NonNullable<DeploySettings['limits']> {
  const [deadline, memory, concurrency, queue] = ['deadline', 'memory', 'concurrency', 'queue'].map((name) =>
    args.text(name),
  )
  return {
    ...(deadline !== undefined && { deadline: plain(deadline) }),
    ...(memory !== undefined && { memory: plain(memory) }),
    ...(concurrency !== undefined && { concurrency: whole('concurrency', concurrency) }),
    ...(queue !== undefined && { queue: whole('queue', queue) }),
  }
}

/** Digits alone are a number on a command line, of bytes or milliseconds. */
const plain = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)

async function readEnv(args: Arguments): Promise<Readonly<Record<string, string>>> {
  const files = await Promise.all(args.texts('env-from').map((file) => read('environment', file)))
  const pairs = args.texts('env').map((pair): [string, string] => {
    const at = pair.indexOf('=')
    // The value may be a secret, so that an error shows none of it.
    if (at < 1) throw new UsageError('--env takes NAME=VALUE')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
  return Object.fromEntries([...files.flatMap((text) => pairsOf(parseEnv(text))), ...pairs])
}

const pairsOf = (values: NodeJS.Dict<string>): readonly (readonly [string, string])[] =>
  Object.entries(values).map(([name, value = '']) => [name, value])

function readSmoke(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new UsageError(`--smoke takes a JSON object: ${reasonOf(error)}`)
  }
  throw new UsageError('--smoke takes a JSON object')
}

async function read(what: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the ${what} in '${file}': ${reasonOf(cause)}`, { cause })
  }
}
