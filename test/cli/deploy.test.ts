import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it, test } from 'node:test'
import { main } from '../../src/cli/main.ts'
import { type Environment, type Finished, mortise, startMortise } from '../support/cli.ts'
import { answering, DeployServer, entries } from '../server/deploy/deploy-server.ts'
import { ask, folder, post } from '../server/server.ts'

const [one, two] = await Promise.all([1, 2].map(answering))
assert(one && two)

const json = (text: string): ReadonlyMap<string, unknown> => entries(JSON.parse(text))

/** A folder that stands for a user's, and an environment that says so, here and in processes that are started. */
async function home(): Promise<AsyncDisposable & { readonly path: string; readonly env: Environment }> {
  const files = await folder()
  const env = { XDG_RUNTIME_DIR: files.path, MORTISE_URL: undefined, MORTISE_TOKEN: undefined }
  const before = { ...process.env }
  become(env)
  return {
    path: files.path,
    env,
    async [Symbol.asyncDispose]() {
      become({ ...env, ...before })
      await files[Symbol.asyncDispose]()
    },
  }
}

/** What is not to be there is empty, which means the same. */
function become(env: Environment): void {
  for (const [name, value] of Object.entries(env)) process.env[name] = value ?? ''
}

/** Runs a command line, in this process. */
const run = (...args: readonly string[]): Promise<Finished> => runAt(false, args)

/** @param colors - whether somebody looks at a terminal */
async function runAt(colors: boolean, args: readonly string[]): Promise<Finished> {
  let [stdout, stderr] = ['', '']
  const code = await main(args, {
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    colors,
    read: async () => undefined,
  })
  return { code, stdout, stderr }
}

const guest = `
  import { log } from 'tenon/action'
  export function main(event: string): string { log.info('said ' + event); return '{"greetings":"Hello"}' }`

describe('commands for the server of this machine', () => {
  it(
    'find it by themselves: deploy, list, rollback, logs, remove',
    { skip: process.platform === 'win32' },
    async () => {
      await using user = await home()
      const { env, path } = user
      const [source, module] = [join(path, 'hello.ts'), join(path, 'hello.wasm')]
      await writeFile(source, guest)
      await writeFile(module, one)
      const none = await run('list')
      assert.deepEqual([none.code, none.stdout], [1, ''])
      assert.match(none.stderr, /^SERVER_UNREACHABLE .*mortise serve --store/)

      const server = await serving(path, env)
      const { url, lines } = server
      try {
        const { name, text } = await recordOf(path)
        const token = String(json(text).get('token'))
        assert.deepEqual([json(text).get('serves'), (await stat(name)).mode & 0o777], [url, 0o600])
        assert((await stat(dirname(name))).mode % 0o100 === 0, 'nobody else looks in')
        assert(!lines.join('\n').includes(token), 'it is not printed')
        assert.match(lines.join('\n'), /mortise deploy <name> <file>/)

        const first = await mortise(['deploy', 'hello', 'hello.ts', '--smoke', '{"name":"Mike"}'], { env, cwd: path })
        assert.equal(first.code, 0, first.stderr)
        assert.match(
          first.stdout,
          /^built +[\d.]+ m?s {2}[\d.]+ K?B\nsent +[\d.]+ m?s {2}[\d.]+ K?B\ndeployed +[\d.]+ m?s {2}load .*, smoke .*, store .*, swap .*\nhello version 1 is live, on wasm, at http:\S+\/run\/hello\n$/,
        )
        const second = json((await run('deploy', 'hello', module, '--json')).stdout)
        assert.deepEqual([second.get('ok'), second.get('version'), second.get('made')], [true, 2, 'read'])
        assert(Number(second.get('sent')) < one.length)
        assert.match((await run('deploy', 'hello', module)).stdout, /^sent .* nothing: the server has it\n/)
        const [headings, ...rows] = (await run('list')).stdout.split('\n')
        assert.match(headings ?? '', /^plugin +version +contract +size +digest +deployed +by$/)
        assert.match(rows.join('\n'), /^hello +3 {2}action +[\d.]+ KB {2}[0-9a-f]{12} {2}20\S+Z {2}\(server\)\n$/)
        const versions = (await run('list', 'hello')).stdout.trim().split('\n').slice(1)
        assert.deepEqual(
          versions.map((line) => /^hello +(\d) .*(now|20)\S*$/.exec(line)?.slice(1)),
          [
            ['3', 'now'],
            ['2', '20'],
            ['1', '20'],
          ],
        )
        assert.match((await run('rollback', 'hello', '1')).stdout, /^hello version 1 is live, kept ready, in /)
        await post(`${url}/run/hello`, '{"value":{"a":"\\u001b[31m"}}')
        assert.match(
          (await run('logs', 'hello')).stdout,
          /^\[info\] said \{"name":"Mike"\}\n\[info\] said \{"a":"\\u001b\[31m"\}\n$/,
        )
        const following = startMortise(['logs', 'hello', '-f', '--json'], path, env)
        for (let line = 0; line < 2; line++) await following.lines.next()
        await post(`${url}/run/hello`, '{"value":{"b":2}}')
        const third = await following.lines.next()
        assert.equal(json(third.value ?? '').get('text'), 'said {"b":2}')
        assert.equal(await following.stop(), 0)
        assert.equal((await run('remove', 'hello')).stdout, 'hello is removed\n')
        const empty = await run('list')
        assert.deepEqual([empty.code, empty.stdout], [0, ''])
      } finally {
        assert.equal(await server.stop(), 0)
      }
      assert.deepEqual(await readdir(join(path, 'mortise', 'servers')), [])
    },
  )

  it('ask which one is meant, and go by no file that anybody else may have written', async () => {
    await using user = await home()
    const { path } = user
    const servers = join(path, 'mortise', 'servers')
    await mkdir(servers, { recursive: true, mode: 0o700 })
    const record = (pid: number, mode: number, url: string): Promise<void> =>
      writeFile(
        join(servers, `${pid}-${mode}.json`),
        JSON.stringify({ pid, url, serves: url, token: 'of-another-server', store: path }),
        { mode },
      )
    await record(2 ** 30, 0o600, 'http://127.0.0.1:1')
    await writeFile(join(servers, 'broken.json'), '{', { mode: 0o600 })
    if (process.platform !== 'win32') await record(process.pid, 0o644, 'http://127.0.0.1:2')
    const none = await run('list')
    assert.match(none.stderr, /^SERVER_UNREACHABLE Cannot tell which server/)
    assert.equal((await readdir(servers)).includes(`${2 ** 30}-384.json`), false)
    await record(process.pid, 0o600, 'http://127.0.0.1:3')
    await record(process.ppid, 0o600, 'http://127.0.0.1:4')
    const several = await run('list', '--json')
    assert.equal(several.code, 2)
    assert.match(several.stdout, /--to: http:\/\/127\.0\.0\.1:[34] .*http:\/\/127\.0\.0\.1:[34] /)
  })
})

describe('commands for a server elsewhere', () => {
  it('take its URL and a token from options or the environment', async () => {
    await using user = await home()
    await using server = await DeployServer.start()
    const { path } = user
    await writeFile(join(path, 'token'), `${server.token}\n`)
    await writeFile(join(path, 'one.wasm'), one)
    const to = ['--to', server.url, '--token-file', join(path, 'token')]
    const deployed = await run('deploy', 'hello', join(path, 'one.wasm'), ...to)
    assert.match(deployed.stdout, /hello version 1 is live, on wasm, at \/run\/hello\n$/, deployed.stderr)
    const { url: MORTISE_URL, token: MORTISE_TOKEN } = server
    become({ MORTISE_URL, MORTISE_TOKEN })
    const list = await run('list', '--json')
    const [plugin] = entries(json(list.stdout).get('plugins')).values()
    assert.deepEqual([entries(plugin).get('plugin'), entries(plugin).get('by')], ['hello', 'tester'])
    become({ MORTISE_TOKEN: undefined })
    const without = await run('list', '--to', server.url)
    assert.deepEqual(
      [without.code, without.stderr.split('\n', 1)],
      [2, [`It takes --token-file, or MORTISE_TOKEN, for ${server.url}`]],
    )
    become({ MORTISE_TOKEN: 'wrong' })
    const wrong = await run('remove', 'hello', '--to', server.url, '--json')
    assert.deepEqual([wrong.code, entries(json(wrong.stdout).get('error')).get('code')], [1, 'TOKEN_REFUSED'])
    const absent = await run('rollback', 'absent', ...to)
    assert.match(absent.stderr, /^VERSION_ABSENT /)
    const unreadable = await run('list', ...to, '--ca', join(path, 'absent.pem'))
    assert.match(unreadable.stderr, /^CONFIG_UNREADABLE Cannot read --ca/)
  })

  it('send settings, pack folders, and sign', async () => {
    await using user = await home()
    const { path } = user
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    await writeFile(join(path, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
    await writeFile(join(path, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await using server = await DeployServer.start({ allow: ['process'] }, { trustedKeys: [join(path, 'public.pem')] })
    become({ MORTISE_URL: server.url, MORTISE_TOKEN: server.token })
    const source = join(path, 'action')
    await mkdir(join(source, 'lib'), { recursive: true })
    await writeFile(join(source, 'index.js'), `const { other } = require('./lib/other.js')\nexports.go = () => other()`)
    await writeFile(
      join(source, 'lib', 'other.js'),
      `exports.other = () => ({ a: process.env.A, b: process.env.B, dots: require('fs').existsSync(__dirname + '/../.env') })`,
    )
    await writeFile(join(source, '.env'), 'SECRET=x')
    await writeFile(join(path, 'values'), 'A=file\nB="of a file"\n')
    const settings = ['--main', 'go', '--env-from', join(path, 'values'), '--env', 'A=b=c', '--smoke', '{}', '--web']
    const unsigned = await run('deploy', 'hello', source, ...settings)
    assert.match(unsigned.stderr, /^SIGNATURE_REFUSED /)
    const sign = ['--sign', join(path, 'key.pem'), '--deadline', '5 s', '--queue', '7']
    const deployed = await run('deploy', 'hello', source, ...settings, ...sign)
    assert.match(
      deployed.stdout,
      /^packed .*\nsent .* nothing: .*\ndeployed .*\nhello version 1 is live, on process, at \/run\/hello\n$/,
      deployed.stderr,
    )
    assert.deepEqual(await server.run('hello'), ['{"a":"b=c","b":"of a file","dots":false}', '1'])
    const stats = await server.api('GET', '/v1/plugins/hello')
    assert.match(JSON.stringify([...stats.body]), /"env":\["A","B"\]/)
  })

  it('know a handler of HTTP when they see one, and say where it is', async () => {
    await using user = await home()
    await using server = await DeployServer.start({ allow: ['process'] })
    become({ MORTISE_URL: server.url, MORTISE_TOKEN: server.token })
    const handler = join(user.path, 'handler.mjs')
    await writeFile(
      handler,
      `export default { fetch: (request) => new Response('at ' + new URL(request.url).pathname) }`,
    )
    const deployed = await run('deploy', 'site', handler, '--mount', '/site')
    assert.match(deployed.stdout, /site version 1 is live, on process, at \/site\n$/, deployed.stderr)
    assert.equal((await ask(`${server.server.url}/site/a`)).text, 'at /site/a')
    assert.match((await run('list')).stdout, /\nsite +1 {2}http \/site {2}/)
    const seen = await runAt(true, ['deploy', 'site', handler, '--mount', '/site'])
    assert.equal(seen.stderr, ['building', 'sending', 'deploying'].map((doing) => `${doing} …\r\u001B[K`).join(''))
    const function_ = await run('deploy', 'site', handler, '--contract', 'action', '--mount', '/')
    assert.deepEqual([function_.code, function_.stderr.split(':', 1)], [2, ['--mount is for handlers of HTTP']])
  })

  it('are used as their help says', async () => {
    for (const name of ['deploy', 'list', 'rollback', 'remove', 'logs']) {
      const { stdout } = await run(name, '--help')
      assert.match(stdout, new RegExp(`^mortise ${name}: .*\n[^]*--to <URL>[^]*--json[^]*Example`))
      assert(
        stdout.split('\n').every((line) => line.length <= 130),
        name,
      )
    }
    for (const args of [
      ['deploy', 'hello'],
      ['deploy', 'hello', 'x.wasm', 'y.wasm'],
      ['deploy', 'hello', 'x.wasm', '--contract', 'other'],
      ['deploy', 'hello', 'x.wasm', '--smoke', '[]'],
      ['deploy', 'hello', 'x.wasm', '--env', 'secret'],
      ['list', 'a', 'b'],
      ['rollback', 'hello', 'latest'],
      ['remove'],
      ['logs'],
    ]) {
      const { code, stderr } = await run(...args)
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`)
      assert(!stderr.includes('secret'))
    }
  })
})

test(
  'mortise serve says where it is as this machine reaches it: sockets too',
  { skip: process.platform === 'win32' },
  async () => {
    await using user = await home()
    const { env, path } = user
    const server = await serving(path, env, ['--host', '0.0.0.0', '--deploy-socket', 'deploy.sock'])
    try {
      const record = json((await recordOf(path)).text)
      assert.equal(record.get('url'), `unix:${join(path, 'deploy.sock')}`)
      assert.match(String(record.get('serves')), /^http:\/\/127\.0\.0\.1:\d+$/)
      await writeFile(join(path, 'one.wasm'), one)
      const deployed = await run('deploy', 'hello', join(path, 'one.wasm'))
      assert.match(deployed.stdout, /at http:\/\/127\.0\.0\.1:\d+\/run\/hello\n$/, deployed.stderr)
    } finally {
      await server.stop()
    }
  },
)

test('mortise serve --no-local lets nobody in but those with a token of its store', async () => {
  await using user = await home()
  const refused = await mortise(['serve', '--store', join(user.path, 'store'), '--no-local', '--port', '0'], user)
  assert.match(refused.stderr, /^OPTION_INVALID .*no token is in the store/)
})

/** A server over a store of its own, once it is ready. */
async function serving(
  path: string,
  env: Environment,
  more: readonly string[] = ['--deploy-port', '0'],
): Promise<{ readonly url: string; readonly lines: string[]; stop(): Promise<number | null> }> {
  const args = ['serve', '--port', '0', '--store', join(path, 'store'), '--log', 'off', ...more]
  const server = startMortise(args, path, env)
  const said: string[] = []
  while (said.at(-1)?.includes('mortise deploy') !== true) {
    const next = await server.lines.next()
    if (next.done === true) throw new Error(`It ended: ${said.join('\n')}`)
    said.push(next.value)
  }
  return { url: /http:\S+/.exec(said[0] ?? '')?.[0] ?? '', lines: said, stop: () => server.stop() }
}

async function recordOf(path: string): Promise<{ readonly name: string; readonly text: string }> {
  const servers = join(path, 'mortise', 'servers')
  const [first = ''] = await readdir(servers)
  return { name: join(servers, first), text: await readFile(join(servers, first), 'utf8') }
}
