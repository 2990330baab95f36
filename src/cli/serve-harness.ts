import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDuration, parseSize } from '../limits.ts'
import { Guard } from '../server/guard.ts'
import { openBucket } from '../server/harness/bucket.ts'
import { serveHarness } from '../server/harness/harness.ts'
import { readToken, Token } from '../server/token.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { type Environment, readPlace, refuseOthers } from './serve-options.ts'
import { untilSignal } from './signals.ts'

/** The options that mean something here; any other is refused, since nothing would come of it. */
const known = ['harness', 'host', 'port', 'token-file', 'allow', 'allow-host', 'allow-origin', 'deadline', 'memory']
const more = ['max-parameters', 'max-code', 'drain', 'detail']

/** `mortise serve --harness`: one HTTP handler, fetched from a bucket. */
export async function runHarness(args: Arguments, env: Environment, terminal: Terminal): Promise<number> {
  refuseOthers(args, '--harness', [...known, ...more])
  const bucket = env['PLUGIN_BUCKET'] ?? ''
  if (bucket === '') throw new UsageError('It takes PLUGIN_BUCKET in the environment: a folder, or an https: URL')
  const code = parseSize('max-code', args.text('max-code') ?? '48 MiB')
  const place = readPlace(args, env, { host: '127.0.0.1', port: 8080 })
  const [deadline, memory] = [args.text('deadline') ?? '60 s', args.text('memory') ?? '16 MiB']
  await using secret = await tokenOf(args.text('token-file'))
  const say = (text: string): void => terminal.err(`${text}\n`)
  const harness = await serveHarness({
    place,
    bucket: openBucket(bucket, code),
    token: secret.token,
    guard: new Guard(
      { hosts: args.texts('allow-host'), origins: args.texts('allow-origin') },
      'host' in place ? place.host : '',
    ),
    limits: { deadline: parseDuration('deadline', deadline), memory: parseSize('memory', memory, '16 MiB') },
    runtime: args.texts('allow').includes('esm') ? 'esm' : 'process',
    code,
    body: parseSize('max-parameters', args.text('max-parameters') ?? '1 MiB'),
    drain: parseDuration('drain', args.text('drain') ?? '5 s'),
    detail: args.flag('detail'),
    line: ({ text }) => say(text),
    watch(reload) {
      if (reload instanceof Error) say(`${reload.code}: ${reload.message}`)
      else say(`version ${reload.version}${reload.same ? ', as before' : ''}, in ${reload.milliseconds.toFixed(1)} ms`)
    },
  })
  say(`Ready at ${harness.url}`)
  say(`  curl -XPOST ${harness.url}/_reload -H "authorization: Bearer $(cat '${secret.file}')"`)
  const died = await Promise.race([untilSignal().then(() => false), harness.died.then(() => true)])
  if (!(await harness.close())) say('Requests were still under way and were cut off')
  if (died) say('bye')
  // Whoever looks after it starts another where it says that it failed.
  return died ? 1 : 0
}

interface Secret extends AsyncDisposable {
  readonly token: Token
  readonly file: string
}

/** The token in a file that is there, or a new one in a file that only this user can read, and that goes with the harness. */
async function tokenOf(file: string | undefined): Promise<Secret> {
  if (file !== undefined)
    return { token: new Token(await readToken(file)), file, [Symbol.asyncDispose]: async () => {} }
  const token = new Token()
  const folder = await mkdtemp(join(tmpdir(), 'mortise-token-'))
  const own = join(folder, 'token')
  await writeFile(own, `${token.text}\n`, { mode: 0o600 })
  return { token, file: own, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
