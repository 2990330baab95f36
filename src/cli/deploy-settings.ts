import { readFile } from 'node:fs/promises'
import type { ParseArgsOptionsConfig } from 'node:util'
import { type DeploySettings, signArtifact } from '../client/client.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Arguments, UsageError } from './command.ts'
import { environmentOptions, readEnvironment } from './environment.ts'
import { plain, whole } from './numbers.ts'

/** The options that say what a version is to be. */
export const settingsOptions: ParseArgsOptionsConfig = {
  contract: { type: 'string' },
  mount: { type: 'string' },
  main: { type: 'string' },
  ...environmentOptions,
  web: { type: 'boolean' },
  smoke: { type: 'string' },
  sign: { type: 'string' },
  deadline: { type: 'string' },
  memory: { type: 'string' },
  concurrency: { type: 'string' },
  queue: { type: 'string' },
}

/** How {@link settingsOptions} are explained. */
export const settingsHelp = `  --contract <contract>   action or http; default: what the guest exports or imports says which
  --mount <path>          of http: where it answers, default /
  --main <name>           the function to call in it, default main
  --web                   offer it at /web/<name> too
  --smoke <JSON>          parameters of an activation that has to succeed before it is live
  --sign <file>           sign the artifact with this private key (Ed25519, PEM)
  --deadline <time>, --memory <size>, --concurrency <n>, --queue <n>  limits, where they are not the server's`

/** The settings that a command line asks for, but for the contract and the signature. */
export async function readSettings(args: Arguments): Promise<DeploySettings> {
  const [mount, main, smoke] = ['mount', 'main', 'smoke'].map((name) => args.text(name))
  const env = await readEnvironment(args)
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
  if (file === undefined) return {}
  try {
    return { signature: signArtifact(digest, await readFile(file, 'utf8')) }
  } catch (cause) {
    if (MortiseError.is(cause)) throw cause
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the key in '${file}': ${reasonOf(cause)}`, { cause })
  }
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

function readSmoke(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new UsageError(`--smoke takes a JSON object: ${reasonOf(error)}`)
  }
  throw new UsageError('--smoke takes a JSON object')
}
