import { Guard } from '../server/guard.ts'
import { serveTakeover } from '../server/takeover/takeover.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { type Environment, readPlace, refuseOthers } from './serve-options.ts'
import { untilSignal } from './signals.ts'

/** The options that mean something here; any other is refused, since nothing would come of it. */
const known = ['takeover', 'host', 'port', 'allow-host', 'allow-origin', 'deadline', 'drain', 'ready']
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

/** `mortise serve --takeover`: a server whose place posted programs take. */
export async function runTakeover(args: Arguments, env: Environment, terminal: Terminal): Promise<number> {
  refuseOthers(args, '--takeover', known)
  if (args.positionals.length > 0) throw new UsageError('It takes programs at /init, and none as an argument')
  const place = readPlace(args, env, { host: '127.0.0.1', port: 8080 })
  const host = 'host' in place ? place.host : ''
  // Elsewhere than on the loopback a server has names that it does not know, but pages have no business there either.
  const hosts = loopback.has(host) ? args.texts('allow-host') : ['*']
  const guard = new Guard({ hosts, origins: args.texts('allow-origin') }, host)
  const server = await serveTakeover({
    ...('host' in place ? { host: place.host, port: place.port } : place),
    ...durationsOf(args),
    admit: (request) => guard.check(request),
    watch: (what) => terminal.err(`${what}\n`),
  })
  terminal.err(
    `Ready at ${server.url}. Whoever posts to /init runs programs as this user: --allow process is implied\n`,
  )
  await untilSignal()
  await server.close()
  return 0
}

function durationsOf(args: Arguments): Partial<Record<'ready' | 'drain' | 'deadline', number | string>> {
  const given = (['ready', 'drain', 'deadline'] as const).flatMap((name) => {
    const text = args.text(name)
    return text === undefined ? [] : [[name, /^\d+$/.test(text) ? Number(text) : text] as const]
  })
  return Object.fromEntries(given)
}
