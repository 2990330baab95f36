import { buffer } from 'node:stream/consumers'
import type { CodeFolder } from '../code/code.ts'
import { toEnvironment } from '../code/environment.ts'
import { parseDuration, parseSize } from '../limits.ts'
import { patience } from '../server/listener.ts'
import { readEnvironment } from '../server/openwhisk/environment.ts'
import { initFailure } from '../server/openwhisk/failures.ts'
import { codeFolder, serveOpenWhisk } from '../server/openwhisk/openwhisk.ts'
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
  const settings = readEnvironment(env, debug, version)
  const maxCode = parseSize('max-code', args.text('max-code') ?? '48 MiB')
  const folder = args.text('folder') ?? 'action'
  const code = codeFolder(settings, { folder, code: maxCode, keepFailed: debug })
  const main = args.text('compile')
  if (main !== undefined) return compile(code, main, { ...settings.env, ...readEnv(args.text('env')) }, terminal)
  const warn = (text: string): void => terminal.err(`${stamp(new Date())} ${text}\n`)
  const runtime = await serveOpenWhisk({
    ...settings,
    code,
    place: readPlace(args, env, { host: '127.0.0.1', port: 8080 }),
    ...tlsOf(args),
    patience,
    again: debug || args.flag('reinit'),
    maxParameters: parseSize('max-parameters', args.text('max-parameters') ?? '48 MiB'),
    maxCode,
    drain: parseDuration('drain', args.text('drain') ?? '10 s'),
    streams: terminal,
    warn,
  })
  if (debug) warn(`Ready at ${runtime.url}`)
  await untilSignal()
  if (!(await runtime.close())) warn('Requests were still under way and were cut off')
  return 0
}

/** `-compile <main>`: what comes in on stdin goes out on stdout as a zip archive that `/init` takes. */
async function compile(
  code: CodeFolder,
  main: string,
  env: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<number> {
  try {
    const archive = await code.compileToZip({ bytes: await buffer(process.stdin), main, env })
    process.stdout.write(archive)
    return 0
  } catch (error) {
    terminal.err(`${initFailure(error).reason}\n`)
    return 1
  }
}

/** `-env <json>`: as with the reference, what is no JSON object counts for nothing. */
function readEnv(text = '{}'): Readonly<Record<string, string>> {
  try {
    const values: unknown = JSON.parse(text)
    return typeof values === 'object' && values !== null ? toEnvironment({ ...values }) : {}
  } catch {
    return {}
  }
}

/** As Go's logger writes the time: `2026/11/21 17:00:00`. */
function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}
