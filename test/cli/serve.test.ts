import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ask, folder, helloModule, initBody, post } from '../server/server.ts'
import { mortise } from '../support/cli.ts'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

/** `mortise serve`, once it says that it is ready. */
interface Serving extends AsyncDisposable {
  readonly url: string
  readonly lines: readonly string[]
  stop(signal: NodeJS.Signals): Promise<number | null>
}

async function start(args: readonly string[], env: Record<string, string> = {}, descriptor?: number): Promise<Serving> {
  const child: ChildProcess = spawn(process.execPath, [bin, 'serve', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(descriptor === undefined ? [] : [descriptor])],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  const lines: string[] = []
  const ready = Promise.withResolvers<string>()
  assert.ok(child.stdout)
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    const [, url] = /^Ready at (\S+)$|"url":"([^"]+)"/.exec(line)?.filter((part) => part !== undefined) ?? []
    if (url !== undefined) ready.resolve(url)
  })
  void ended.then((code) => ready.reject(new Error(`it ended with ${code}: ${lines.join('\n')}`)))
  const url = await ready.promise
  return {
    url,
    lines,
    stop(signal) {
      child.kill(signal)
      return ended
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Why there is no certificate to test with. */
const missing = await promisify(execFile)('openssl', ['version']).then(
  () => false,
  () => 'openssl is not installed',
)

describe('mortise serve', () => {
  test('serves functions at PORT, prints a token that deploys, and ends with 0 when it is asked to', async () => {
    await using files = await folder()
    const path = await files.file('hello.wasm', await helloModule())
    await using server = await start(['--function', `hello=${path}`, '--web', `site=${path}`], { PORT: '0' })
    assert.equal(
      (await post(`${server.url}/run/hello`, '{"value":{"name":"Mike"}}')).text,
      '{"greetings":"Hello, Mike"}\n',
    )
    assert.equal((await ask(`${server.url}/web/site.json?name=Ann`)).text, '{"greetings":"Hello, Ann"}')
    assert.equal((await ask(`${server.url}/web/hello`)).status, 404)
    const [, token] = /Bearer ([\w-]{43})'/.exec(server.lines.join('\n')) ?? []
    assert.ok(token !== undefined, server.lines.join('\n'))
    const body = initBody(await helloModule())
    assert.equal((await post(`${server.url}/init`, body)).status, 401)
    assert.equal((await post(`${server.url}/init`, body, { authorization: `Bearer ${token}` })).status, 200)
    assert.equal((await post(`${server.url}/run`)).status, 200)
    assert.equal(await server.stop('SIGTERM'), 0)
  })

  test('reads a config file, whose paths begin at its folder, and says nothing of a token that it was given', async () => {
    await using files = await folder()
    await files.file('hello.wasm', await helloModule())
    await files.file('token', 'a-token-in-a-file\n')
    const config = { port: 1, maxParameters: 100, functions: { hello: { path: 'hello.wasm', web: true } } }
    const file = await files.file('server.json', JSON.stringify(config))
    const args = ['--config', file, '--port', '0', '--token-file', `${files.path}/token`, '--log', 'json']
    await using server = await start(args)
    assert.equal((await ask(`${server.url}/web/hello.json?name=Ann`)).text, '{"greetings":"Hello, Ann"}')
    assert.equal((await post(`${server.url}/run/hello`, ' '.repeat(200_000))).status, 413)
    const authorization = 'Bearer a-token-in-a-file'
    assert.equal((await post(`${server.url}/init/x`, initBody(await helloModule()), { authorization })).status, 200)
    assert.equal(await server.stop('SIGINT'), 0)
    assert.doesNotMatch(server.lines.join('\n'), /a-token-in-a-file/)
    const logged = server.lines.map((line): unknown => JSON.parse(line))
    const line = logged.find((one) => typeof one === 'object' && one !== null && 'function' in one)
    assert.ok(line && typeof line === 'object' && 'activation' in line && 'msg' in line)
    assert.equal(line.msg, 'greeting Ann')
    assert.ok(
      logged.some(
        (one) => typeof one === 'object' && one !== null && 'reqId' in one && 'status' in one && one.status === 413,
      ),
    )
  })

  test('serves HTTP handlers at their mounts, from the command line and from a config file', async () => {
    await using files = await folder()
    const site = (name: string): string => `export default { fetch: () => new Response('${name}') }`
    const path = await files.file('a.mjs', site('a'))
    await files.file('b.mjs', site('b'))
    const config = { sites: { b: { path: 'b.mjs', mount: '/b' } } }
    const file = await files.file('server.json', JSON.stringify(config))
    const args = ['--config', file, '--site', `a=${path}`, '--mount', 'a=/a', '--allow', 'esm', '--port', '0']
    await using server = await start(args)
    const texts = await Promise.all(['/a/x', '/b'].map(async (at) => (await ask(server.url + at)).text))
    assert.deepEqual(texts, ['a', 'b'])
    assert.equal((await ask(server.url)).status, 404)
    assert.match(server.lines.join('\n'), /\/b\n.*\/a\n/)
    assert.equal(await server.stop('SIGTERM'), 0)
  })

  test('runs JavaScript that is posted in a child, and what it was started with where it was told to', async () => {
    await using files = await folder()
    const path = await files.file('pid.mjs', 'export const main = () => ({ pid: process.pid })')
    await using server = await start(['--function', `own=${path}`, '--port', '0', '--allow', 'esm', '--log', 'off'], {
      MORTISE_TOKEN: 'a-token-of-its-own',
    })
    const authorization = 'Bearer a-token-of-its-own'
    const pid = async (name: string): Promise<string> => (await post(`${server.url}/run/${name}`)).text
    const code = 'function main() { return { pid: process.pid } }'
    assert.equal((await post(`${server.url}/init/posted`, initBody(code), { authorization })).status, 200)
    assert.match(await pid('posted'), /^\{"pid":\d+\}\n$/)
    assert.notEqual(await pid('own'), await pid('posted'))
    const program = await post(`${server.url}/init/program`, initBody('#!/bin/sh\n'), { authorization })
    assert.deepEqual([program.status, program.text.includes('RUNTIME_NOT_ALLOWED')], [403, true])
  })

  test('takes connections from a socket that it was handed', async () => {
    await using files = await folder()
    const path = await files.file('hello.wasm', await helloModule())
    const socket = createServer().listen(0, '127.0.0.1')
    await once(socket, 'listening')
    const handle: unknown = Reflect.get(socket, '_handle')
    const descriptor: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
    assert.ok(typeof descriptor === 'number')
    await using server = await start(['--function', `hello=${path}`], { LISTEN_FDS: '1', PORT: '1' }, descriptor)
    const address = socket.address()
    assert.ok(typeof address === 'object' && address !== null)
    assert.equal(server.url, `http://127.0.0.1:${address.port}`)
    socket.close()
    assert.equal(
      (await post(`${server.url}/run/hello`, '{"value":{"name":"Mike"}}')).text,
      '{"greetings":"Hello, Mike"}\n',
    )
  })

  test('answers https with a certificate', { skip: missing }, async () => {
    await using files = await folder()
    const path = await files.file('hello.wasm', await helloModule())
    const [key, cert] = [`${files.path}/key.pem`, `${files.path}/cert.pem`]
    const made = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-subj',
      '/CN=localhost',
    ]
    await promisify(execFile)('openssl', made)
    await using server = await start(['--web', `hello=${path}`, '--port', '0', '--tls-cert', cert, '--tls-key', key])
    assert.match(server.url, /^https:/)
    const options = { ca: await readFile(cert), servername: 'localhost' }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${server.url}/web/hello.json?name=Ann`, options, resolve).once('error', reject)
    })
    assert.equal(await text(response), '{"greetings":"Hello, Ann"}')
  })

  test('ends with a sentence for what cannot be served', async () => {
    await using files = await folder()
    const broken = await files.file('broken.json', '{')
    for (const [args, code, wanted] of [
      [['hello.wasm'], 2, /--function name=path/],
      [['--function', 'hello'], 2, /name=path/],
      [['--port', 'http'], 2, /--port/],
      [['--allow', 'native'], 2, /esm, process/],
      [['--tls-cert', 'x'], 2, /--tls-key/],
      [['--config', broken], 1, /^CONFIG_UNREADABLE /],
      [['--token-file', `${files.path}/none`], 1, /^CONFIG_UNREADABLE /],
      [['--function', `x=${files.path}/none.wasm`, '--port', '0'], 1, /^ARTIFACT_UNREADABLE /],
      [['--log', 'loud'], 2, /json, pretty, off/],
    ] as const) {
      const { code: given, stderr } = await mortise(['serve', ...args])
      assert.equal(given, code, stderr)
      assert.match(stderr, wanted)
    }
  })
})
