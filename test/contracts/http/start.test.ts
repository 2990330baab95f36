import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { start } from 'mortise/http'
import { descriptorOf } from '../../../src/handover/inherited.ts'
import { inFolder } from '../../support/guest.ts'
import { ask, takeover } from '../../support/takeover.ts'
import { rejection } from '../../support/wat.ts'

interface Service {
  readonly process: ChildProcess
  readonly url: string
  readonly exited: Promise<readonly unknown[]>
  /** All that it prints, once it has ended. */
  readonly printed: Promise<readonly [out: string, err: string]>
}

/** Starts a handler as a service of its own: its text is that of a module beside the one that starts it. */
async function served(
  handler: string,
  test: (service: Service) => Promise<void>,
  {
    options = '{ port: 0 }',
    env = {},
    socket,
  }: { options?: string; env?: Record<string, string>; socket?: number } = {},
): Promise<void> {
  const main = `import { start } from '${import.meta.resolve('mortise/http')}'
    import * as handler from './handler.mjs'
    console.log(await start(handler, ${options}))`
  await inFolder({ 'handler.mjs': handler, 'main.mjs': main }, async (folder) => {
    const child = spawn(process.execPath, [join(folder, 'main.mjs')], {
      stdio: ['ignore', 'pipe', 'pipe', ...(socket === undefined ? [] : [socket])],
      env: { ...process.env, ...env },
    })
    const exited = once(child, 'exit')
    assert(child.stdout !== null && child.stderr !== null)
    const url = String(await once(child.stdout, 'data')).trim()
    const printed = Promise.all([text(child.stdout), text(child.stderr)])
    try {
      await test({ process: child, url, exited, printed })
    } finally {
      child.kill('SIGKILL')
      await exited
    }
  })
}

const echo = `export default {
  async fetch(request, { log, config }) {
    const { method, url, headers } = request
    log.info(config.GREETING)
    if (url.endsWith('/fail')) throw new Error('mine')
    if (url.endsWith('/none')) return 7
    if (url.endsWith('/204')) return new Response(null, { status: 204, headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] })
    return new Response(request.body, { headers: { 'x-asked': method + ' ' + url + ' ' + headers.get('x-a') } })
  },
}`

const skip = process.platform === 'win32' && 'no sockets are handed over'

describe('start() of mortise/http', () => {
  it('serves export default { fetch }', () =>
    served(
      echo,
      async ({ url, process: child, printed }) => {
        const { status, body, headers } = await ask(`${url}/a?b`, 'hello', { headers: { 'x-a': '1' } })
        assert.deepEqual([status, body], [200, 'hello'])
        assert.equal(headers['x-asked'], `POST ${url}/a?b 1`)
        const { headers: more, ...none } = await ask(`${url}/204`, '', { method: 'GET' })
        assert.deepEqual([none, more['set-cookie']], [{ status: 204, body: '' }, ['a=1', 'b=2']])
        assert.deepEqual(await ask(`${url}/fail`, '').then((answer) => [answer.status, answer.body]), [
          500,
          'Internal Server Error\n',
        ])
        assert.equal((await ask(`${url}/none`, '')).status, 500)
        child.kill('SIGTERM')
        const [out, err] = await printed
        assert.match(out, /^Hi\n/)
        assert.match(err, /Error: mine\n +at .*handler\.mjs/)
        assert.match(err, /TypeError: The handler answered with what is no Response/)
      },
      { env: { GREETING: 'Hi' } },
    ))

  it('sends and takes bodies as they come', () =>
    served(
      `export default {
        fetch: (request) => new Response(request.body.pipeThrough(new TransformStream({ transform: (chunk, to) => to.enqueue(chunk) })))
      }`,
      async ({ url }) => {
        const sent = request(url, { method: 'POST' })
        sent.write('one')
        const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
        sent.once('response', resolve)
        const answer = await promise
        assert.equal(String(await once(answer, 'data')), 'one')
        sent.end('two')
        assert.equal(await text(answer), 'two')
      },
    ))

  it('serves export function Handler, with the very objects of the server', () =>
    served(
      'export function Handler(request, response) { response.setHeader("x-port", request.socket.localPort); request.pipe(response) }',
      async ({ url }) => {
        const { body, headers } = await ask(url, 'hello')
        assert.deepEqual([body, headers['x-port']], ['hello', new URL(url).port])
      },
    ))

  it('listens on PORT, and says how it is', () =>
    served(
      echo,
      async ({ url }) => {
        assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
        assert.equal((await ask(`${url}/healthz?x`, '', { method: 'GET' })).body, '{"ok":true}\n')
        assert.equal((await ask(`${url}/healthz`, 'hello')).body, 'hello')
      },
      { options: '{}', env: { PORT: '0' } },
    ))

  it('answers what it has begun when it is told to end, calls dispose, and ends', () =>
    served(
      `export default {
        async fetch(request) {
          process.kill(process.pid, 'SIGTERM')
          return new Response(await request.text())
        }
      }
      export const dispose = async () => { await 1; console.log('disposed') }
      setInterval(() => {}, 1000)`,
      async ({ url, exited, printed }) => {
        assert.equal((await ask(url, 'hello')).body, 'hello')
        assert.deepEqual((await exited)[0], 0)
        assert.deepEqual(await printed, ['disposed\n', ''])
        await assert.rejects(ask(url, ''), { code: 'ECONNREFUSED' })
      },
    ))

  it('cuts off what takes longer than it may', () =>
    served(
      `export default { fetch: () => { process.kill(process.pid, 'SIGTERM'); return new Promise(() => {}) } }`,
      async ({ url, exited }) => {
        await assert.rejects(ask(url, ''), { code: 'ECONNRESET' })
        assert.deepEqual((await exited)[0], 0)
      },
      { options: '{ port: 0, drain: 50 }' },
    ))

  it('serves from a socket that it was handed', { skip }, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = descriptorOf(server)
    const address = server.address()
    assert(socket !== undefined && typeof address === 'object' && address !== null)
    try {
      await served(echo, async ({ url }) => assert.equal(url, `http://127.0.0.1:${address.port}`), {
        env: { LISTEN_FDS: '1' },
        socket,
      })
    } finally {
      server.close()
    }
  })

  it('is a program that takes the place of a server, and is replaced in turn', { skip }, async () => {
    await using server = await takeover()
    const module = (text: string): string =>
      `import { start } from 'mortise/http'\nawait start({ fetch: ({ url }) => new Response('${text} ' + new URL(url).pathname) })`
    for (const text of ['one', 'two']) {
      assert.deepEqual(await server.init(module(text)).then(({ status, body }) => [status, body]), [200, 'OK\n'])
      assert.equal((await ask(`${server.url}/a`, '', { method: 'GET' })).body, `${text} /a`)
    }
    const { status } = await ask(`${server.url}/init`, '{}', { headers: { origin: 'https://example.org' } })
    assert.equal(status, 403)
  })

  it('serves an object with fetch, and refuses what has no handler and options that do not exist', async () => {
    const wrong = { 'no handler': {}, 'a fetch that is none': { fetch: 1 } }
    for (const [what, handler] of Object.entries(wrong)) {
      const { message } = await rejection('MODULE_REFUSED', start(handler, { port: 0 }))
      assert.match(message, /export function Handler/, what)
    }
    const unknown: object = { ports: 0 }
    const site = { fetch: () => new Response('hi') }
    await rejection('OPTION_UNKNOWN', start(site, unknown))
    for (const options of [{ port: 70_000 }, { host: '' }, { health: 'x' }, { drain: 'soon' }])
      await rejection('OPTION_INVALID', start(site, options))
  })
})
