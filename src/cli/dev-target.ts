import type { LocalOptions } from '../dev/local.ts'
import type { Target } from '../dev/target.ts'
import type { FunctionLimits } from '../functions/functions.ts'
import { parseMount } from '../server/site/mounts.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { readEnvironment } from './environment.ts'
import { plain, whole } from './numbers.ts'
import { openTarget as openServer } from './target.ts'

/** A server elsewhere where `--to` says which, else one of its own. */
export async function openTarget(path: string, name: string, args: Arguments, terminal: Terminal): Promise<Target> {
  const [deadline, memory] = ['deadline', 'memory'].map((option) => args.text(option))
  const limits = {
    ...(deadline !== undefined && { deadline: plain(deadline) }),
    ...(memory !== undefined && { memory: plain(memory) }),
  }
  const common = {
    name,
    env: await readEnvironment(args),
    web: args.flag('web'),
    mount: parseMount(args.text('mount') ?? '/'),
  }
  return args.text('to') === undefined
    ? openLocal(args, common, limits)
    : openRemote(path, args, common, limits, terminal)
}

type Common = Pick<LocalOptions, 'name' | 'env' | 'web' | 'mount'>

async function openLocal(args: Arguments, common: Common, limits: FunctionLimits): Promise<Target> {
  const { LocalTarget } = await import('../dev/local.ts')
  const port = args.text('port') ?? process.env['PORT']
  const host = args.text('host')
  return LocalTarget.start(
    {
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port: whole('port', port) }),
      nextPort: args.flag('next-port'),
      limits,
      log: args.json ? 'json' : 'pretty',
    },
    { ...common, runtime: args.text('runtime') === 'process' ? 'process' : 'esm' },
  )
}

async function openRemote(
  path: string,
  args: Arguments,
  { name, env, web, mount }: Common,
  limits: FunctionLimits,
  terminal: Terminal,
): Promise<Target> {
  const elsewhere = await openServer(args, terminal)
  const serves = args.text('serves') ?? elsewhere.serves
  if (serves === undefined && args.text('invoke') !== undefined)
    throw new UsageError('--invoke takes --serves <URL>, too: where the functions of that server are called')
  if (serves !== undefined && !URL.canParse(serves)) throw new UsageError(`--serves is '${serves}', and takes a URL`)
  const { RemoteTarget } = await import('../dev/remote.ts')
  const settings = { ...(Object.keys(env).length > 0 && { env }), limits }
  return new RemoteTarget(elsewhere.client, { name, path, settings, web, mount, serves })
}
