import { parseDuration, parseSize } from '../limits.ts'
import { patience } from '../server/listener.ts'
import { readEnvironment } from '../server/openwhisk/environment.ts'
import { serveOpenWhisk } from '../server/openwhisk/openwhisk.ts'
import type { Arguments, Terminal } from './command.ts'
import { packageVersion } from './package.ts'
import { type Environment, readPlace, tlsOf } from './serve-options.ts'
import { untilSignal } from './signals.ts'

/** `mortise serve --openwhisk`: an action runtime in a container. */
export async function runOpenWhisk(args: Arguments, env: Environment, terminal: Terminal): Promise<number> {
  const version = await packageVersion()
  if (args.flag('version')) {
    terminal.out(`Mortise ActionLoop Proxy v${version}, on Node ${process.version}\n`)
    return 0
  }
  const debug = args.flag('debug')
  const warn = (text: string): void => terminal.err(`${stamp(new Date())} ${text}\n`)
  const runtime = await serveOpenWhisk({
    ...readEnvironment(env, debug, version),
    place: readPlace(args, env, { host: '127.0.0.1', port: 8080 }),
    ...tlsOf(args),
    patience,
    again: debug || args.flag('reinit'),
    maxParameters: parseSize('max-parameters', args.text('max-parameters') ?? '48 MiB'),
    maxCode: parseSize('max-code', args.text('max-code') ?? '48 MiB'),
    drain: parseDuration('drain', args.text('drain') ?? '10 s'),
    streams: terminal,
    warn,
  })
  if (debug) warn(`Ready at ${runtime.url}`)
  await untilSignal()
  if (!(await runtime.close())) warn('Requests were still under way and were cut off')
  return 0
}

/** As Go's logger writes the time: `2026/11/21 17:00:00`. */
function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}
