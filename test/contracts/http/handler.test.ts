import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise, type PluginLogLine } from 'mortise'
import { esm } from 'mortise/esm'
import { http, type HttpRequest, type HttpResponse } from 'mortise/http'
import { childProcess } from 'mortise/process'
import { rejection } from '../../support/wat.ts'

const get = (uri: string): HttpRequest => ({ method: 'GET', uri, headers: [], body: new Uint8Array() })
const text = ({ body }: HttpResponse): string => Buffer.from(body).toString()

/** A handler by its statements; `write` and `end` are its response's. */
const handler = (statements: string, before = ''): Uint8Array =>
  Buffer.from(`${before}\nexport async function Handler(request, response) { ${statements} }`)

type Host = Mortise<'esm'> | Mortise<'process'>
type Log = (line: PluginLogLine) => void

const hosts: Readonly<Record<string, (log?: Log) => Host>> = {
  esm: (log) => new Mortise({ runtimes: [esm()], ...(log && { log }) }),
  process: (log) => new Mortise({ runtimes: [childProcess({ concurrency: 8 })], ...(log && { log }) }),
}

for (const [runtime, open] of Object.entries(hosts)) {
  const fetcher = async (host: Host, source: Uint8Array): Promise<(request: HttpRequest) => Promise<HttpResponse>> => {
    const { hooks } = await (host as Mortise<'esm' | 'process'>).plug('site', source, http)
    return async (request) => hooks.fetch(request)
  }

  describe(`export function Handler(request, response), on ${runtime}`, () => {
    it('is given what node:http gives, and answers as there', async () => {
      await using host = open()
      const source = handler(
        `const chunks = []
         request.on('data', (chunk) => chunks.push(chunk))
         request.on('end', () => {
           response.setHeader('x-method', request.method)
           response.setHeader('set-cookie', ['a=1', 'b=2'])
           response.writeHead(201, { 'content-type': 'text/plain' })
           response.write(request.url + ' ' + request.headers['x-a'] + ' ')
           response.end(Buffer.concat(chunks))
         })
         if (!(request instanceof IncomingMessage && response instanceof ServerResponse)) throw new Error('it is another one')`,
        "import { IncomingMessage, ServerResponse } from 'node:http'",
      )
      const fetch = await fetcher(host, source)
      const answer = await fetch({
        method: 'POST',
        uri: '/a?b=c',
        headers: [
          ['Host', 'example.org'],
          ['X-A', '1'],
          ['x-a', '2'],
          ['Transfer-Encoding', 'chunked'],
          ['Connection', 'close'],
        ],
        body: Buffer.from('hello'),
      })
      assert.deepEqual(answer.headers, [
        ['x-method', 'POST'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['content-type', 'text/plain'],
      ])
      assert.equal(answer.status, 201)
      assert.equal(text(answer), '/a?b=c 1, 2 hello')
    })

    it('may read its request as a stream, answer late, and pipe', async () => {
      await using host = open()
      const source = handler(
        `let length = 0
         for await (const chunk of request) length += chunk.length
         await new Promise((resolve) => setImmediate(resolve))
         response.statusCode = 404
         Readable.from(['got ', String(length)]).pipe(response)`,
        "import { Readable } from 'node:stream'",
      )
      const fetch = await fetcher(host, source)
      const answer = await fetch({ ...get('/'), method: 'PUT', body: new Uint8Array(2 ** 20) })
      assert.deepEqual([answer.status, text(answer)], [404, `got ${2 ** 20}`])
    })

    it('leaves out the body of an answer that has none', async () => {
      await using host = open()
      const fetch = await fetcher(
        host,
        handler(
          "response.writeHead(request.url === '/204' ? 204 : 200, { 'content-length': 5 }); response.end('hello')",
        ),
      )
      const head = await fetch({ ...get('/'), method: 'HEAD' })
      assert.deepEqual(head, { status: 200, headers: [['content-length', '5']], body: new Uint8Array() })
      assert.equal((await fetch(get('/204'))).body.length, 0)
      assert.equal(text(await fetch(get('/'))), 'hello')
    })

    it('answers several requests at once, and each is its own', async () => {
      await using host = open()
      const source = handler(
        `if (request.url === '/7') { for (const wait of waiting) wait() }
         else await new Promise((resolve) => waiting.push(resolve))
         response.end(request.url)`,
        'const waiting = []',
      )
      const fetch = await fetcher(host, source)
      const paths = Array.from({ length: 8 }, (_, index) => `/${index}`)
      const answers = await Promise.all(paths.map((path) => fetch(get(path))))
      assert.deepEqual(answers.map(text), paths)
    })

    const failures: Readonly<Record<string, readonly [statements: string, code: 'GUEST_THREW' | 'GUEST_RESULT']>> = {
      'throws before it answers': ["throw new Error('mine')", 'GUEST_THREW'],
      'throws amid its answer': ["response.write('x'); throw new Error('mine')", 'GUEST_THREW'],
      'answers with a status that is none': ['response.writeHead(1000)', 'GUEST_THREW'],
      'answers with a status that no server sends': ['response.writeHead(600); response.end()', 'GUEST_RESULT'],
      'has a header begin another': [String.raw`response.setHeader('x', 'y\r\nset-cookie: z')`, 'GUEST_THREW'],
      'ends the connection': ['request.socket.destroy()', 'GUEST_RESULT'],
      'ends the connection amid its answer': ["response.write('x', () => response.destroy())", 'GUEST_RESULT'],
      'answers with fewer bytes than it says': [
        "response.writeHead(200, { 'content-length': 9 }); response.write('x', () => response.destroy())",
        'GUEST_RESULT',
      ],
    }
    for (const [what, [statements, code]] of Object.entries(failures)) {
      it(`${what}: that is an error, and the next call works`, async () => {
        await using host = open()
        const fetch = await fetcher(
          host,
          handler(`if (request.url === '/ok') return response.end('ok'); ${statements}`),
        )
        await rejection(code, fetch(get('/')))
        assert.equal(text(await fetch(get('/ok'))), 'ok')
      })
    }

    it('may answer with no more than 16 MiB', async () => {
      await using host = open()
      const fetch = await fetcher(
        host,
        handler(
          `const write = () => { while (!response.destroyed && response.write(new Uint8Array(2 ** 20))); }
           response.on('drain', write)
           write()`,
        ),
      )
      await rejection('OUTPUT_LIMIT', fetch(get('/')))
    })

    it('logs what fails after it has answered', async () => {
      const logged = Promise.withResolvers<PluginLogLine>()
      await using host = open(logged.resolve)
      const source = handler(
        "response.end('done'); await new Promise((resolve) => response.on('close', resolve)); throw new Error('mine')",
      )
      const fetch = await fetcher(host, source)
      assert.equal(text(await fetch(get('/'))), 'done')
      const { level, text: line } = await logged.promise
      assert.deepEqual([level, line], ['error', 'It failed after it had answered: mine'])
    })

    for (const [what, request] of Object.entries({
      'a method that Node does not know': { method: 'FLY' },
      CONNECT: { method: 'CONNECT' },
      'a header that is none': { headers: [['x y', 'z']] },
      'a header that ends and begins another': { headers: [['x', 'y\r\nset-cookie: z']] },
      'a URI with a line break': { uri: '/x\r\ny' },
    } satisfies Readonly<Record<string, Partial<HttpRequest>>>)) {
      it(`is not called with ${what}`, async () => {
        await using host = open()
        const fetch = await fetcher(host, handler('calls++; response.end(String(calls))', 'let calls = 0'))
        await rejection('INPUT_INVALID', fetch({ ...get('/'), ...request }))
        assert.equal(text(await fetch(get('/'))), '1')
      })
    }

    it('comes after export default { fetch }', async () => {
      await using host = open()
      const source = handler("response.end('node')", "export default { fetch: () => new Response('web') }")
      const fetch = await fetcher(host, source)
      assert.equal(text(await fetch(get('/'))), 'web')
    })

    for (const source of ['export const Handler = 1', 'export default {}', 'export const main = () => ({})']) {
      it(`refuses ${source}, naming both forms`, async () => {
        await using host = open()
        const error = await rejection('MODULE_REFUSED', fetcher(host, Buffer.from(source)))
        assert.match(error.message, /export default \{ fetch\(request\).*export function Handler\(request, response\)/s)
      })
    }
  })
}
