import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { buildText } from '../support/guest.ts'
import { ask, closing, folder, greeter, helloModule, initBody, post, raw } from './server.ts'

const close = 'Connection: close\r\n'
const run = (url: string, extra = '', body = '{}'): string =>
  `POST /run HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${close}${extra}Content-Length: ${body.length}\r\n\r\n${body}`

describe('a server of functions keeps out', () => {
  test('requests for a foreign host, by whatever name a page could have this machine called', async () => {
    await using server = await greeter()
    for (const host of [
      'example.org',
      'example.org:80',
      'localhost.example.org',
      '127.0.0.1.nip.io',
      '',
      '[::2]',
      'localhost@evil',
    ]) {
      for (const path of ['/run', '/init', '/web/hello', '/metrics']) {
        const text = await raw(
          server.url,
          `POST ${path} HTTP/1.1\r\nHost: ${host}\r\n${close}Content-Length: 0\r\n\r\n`,
        )
        assert.match(text, /^HTTP\/1\.1 403 [\s\S]*"code":"REQUEST_REFUSED"/, `${host} ${path}`)
      }
    }
    const { port } = new URL(server.url)
    for (const host of [`localhost:${port}`, 'LOCALHOST', 'localhost.', '[::1]:80'])
      assert.match(
        await raw(server.url, `POST /run HTTP/1.1\r\nHost: ${host}\r\n${close}Content-Length: 2\r\n\r\n{}`),
        /^HTTP\/1\.1 200 /,
      )
  })

  test('paths that cannot be read, in the words of all its refusals', async () => {
    await using server = await greeter()
    for (const name of ['%', '%ff', 'x'.repeat(5000)]) {
      const { status, text } = await ask(`${server.url}/init/${name}`, { method: 'DELETE' })
      assert.match(`${status} ${text}`, /^400 \{"error":"Cannot take a request: .*","code":"REQUEST_INVALID"\}/, name)
    }
  })

  test('requests that a web page sent', async () => {
    await using server = await greeter()
    const own = server.url
    for (const headers of [
      { origin: 'https://example.org' },
      { origin: 'null' },
      { origin: own },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      const { status, text } = await post(`${server.url}/run`, '{}', headers)
      assert.equal(status, 403, JSON.stringify(headers))
      assert.match(text, /"code":"REQUEST_REFUSED"/)
      assert.equal((await post(`${server.url}/init`, '{}', headers)).status, 403)
    }
    assert.equal((await post(`${server.url}/run`, '{}', { 'sec-fetch-site': 'none' })).status, 200)
    assert.equal(
      (await post(`${server.url}/web/hello.json?name=x`, '', { origin: own })).status,
      200,
      'its own pages, on the web',
    )
    assert.equal((await post(`${server.url}/web/hello.json`, '', { origin: 'https://example.org' })).status, 403)
  })

  test('no host and no page that it was told to take', async () => {
    await using server = await greeter({ hosts: ['example.org'], origins: ['https://pages.example'] })
    const named = await raw(
      server.url,
      `POST /run HTTP/1.1\r\nHost: example.org\r\n${close}Content-Length: 2\r\n\r\n{}`,
    )
    assert.match(named, /^HTTP\/1\.1 200 /)
    const headers = { origin: 'https://pages.example', 'sec-fetch-site': 'cross-site' }
    assert.equal((await post(`${server.url}/run`, '{}', headers)).status, 200)
    assert.equal((await post(`${server.url}/run`, '{}', { origin: 'https://other.example' })).status, 403)
  })

  test('code without the token, whatever stands in its place', async () => {
    await using server = await greeter({ token: 'correct-horse-battery' })
    const body = initBody(await helloModule())
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer wrong-horse-battery',
      'Basic correct-horse-battery',
      'Bearer correct-horse-batter',
    ]) {
      const answer = await post(`${server.url}/init`, body, authorization === undefined ? {} : { authorization })
      assert.equal(answer.status, 401, String(authorization))
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
      assert.doesNotMatch(answer.text, /correct-horse/)
    }
    assert.equal(
      (await post(`${server.url}/init`, body, { authorization: 'bearer correct-horse-battery' })).status,
      200,
    )
  })

  test('bodies beyond their limit, said or streamed', async () => {
    await using server = await greeter({ maxParameters: '64 KiB', maxCode: '64 KiB' })
    const large = 'x'.repeat(3 * 2 ** 20)
    const said = await post(`${server.url}/run`, large)
    assert.deepEqual([said.status, said.headers.get('connection')], [413, 'close'])
    assert.match(said.text, /"code":"REQUEST_TOO_LARGE"/)
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const head = `POST /run HTTP/1.1\r\nHost: localhost\r\n${close}Transfer-Encoding: chunked\r\n\r\n`
    assert.match(await raw(server.url, head, chunk, chunk, chunk, '0\r\n\r\n'), /^HTTP\/1\.1 413 /)
    for (const path of ['/init', '/web/hello']) {
      const { status, text } = await post(server.url + path, large, { authorization: `Bearer ${server.token}` })
      assert.equal(status, 413, path)
      assert.match(text, /"code":"REQUEST_TOO_LARGE"/)
    }
    assert.equal((await post(`${server.url}/run`, '{"value":{"name":"Mike"}}')).status, 200)
  })

  test('clients that send too slowly, and goes on serving the others', async () => {
    await using server = await greeter({ patience: { headers: 100, request: 200 } })
    const [headers, body] = await Promise.all([
      raw(server.url, 'POST /run HTTP/1.1\r\nHost: localhost\r\n'),
      raw(server.url, 'POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{'),
      post(`${server.url}/run`).then(({ status }) => assert.equal(status, 200)),
    ])
    assert.match(headers, /^HTTP\/1\.1 408 /)
    assert.match(body, /^HTTP\/1\.1 408 /)
  })

  test('clients that take nothing of their answers', async () => {
    await using server = await greeter({ patience: { answer: 100 }, drain: '1 min' })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname).pause()
    socket.on('error', () => {})
    const body = JSON.stringify({ value: { name: 'x'.repeat(2 ** 19) } })
    for (let count = 0; count < 20; count++)
      socket.write(`POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    await once(socket, 'drain')
    assert.equal((await post(`${server.url}/run`)).status, 200)
    assert.equal(await server.close(), true, 'the connection was cut before the end had to')
    socket.destroy()
  })

  test('requests that two readers could take for different ones', async () => {
    await using server = await greeter()
    const both = `POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST /run HTTP/1.1\r\n`
    assert.match(await raw(server.url, both), /^HTTP\/1\.1 400 /)
    const two = 'POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'
    assert.match(await raw(server.url, two), /^HTTP\/1\.1 400 /)
    const folded = 'POST /run HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n'
    assert.match(await raw(server.url, folded), /^HTTP\/1\.1 400 /)
    const large = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`
    assert.match(await raw(server.url, large), /^HTTP\/1\.1 431 /)
    assert.match(
      await raw(
        server.url,
        `POST http://example.org/run HTTP/1.1\r\nHost: localhost\r\n${close}Content-Length: 2\r\n\r\n{}`,
      ),
      /^HTTP\/1\.1 404 /,
    )
  })

  test('nobody who pipelines: each request gets its own answer, in order', async () => {
    await using server = await greeter()
    const names = ['a', 'b', 'c', 'd']
    const requests = names.map((name, index) => {
      const body = `{"value":{"name":"${name}"}}`
      const last = index === names.length - 1 ? close : ''
      return `POST /run HTTP/1.1\r\nHost: localhost\r\n${last}Content-Length: ${body.length}\r\n\r\n${body}`
    })
    const text = await raw(server.url, requests.join(''))
    assert.deepEqual(
      text.match(/Hello, ./g),
      names.map((name) => `Hello, ${name}`),
    )
  })

  test('and tells who looks after it how it is, by any name', async () => {
    await using server = await greeter()
    for (const path of ['/healthz', '/readyz'])
      assert.match(
        await raw(server.url, `GET ${path} HTTP/1.1\r\nHost: 10.0.0.7:8080\r\n${close}\r\n`),
        /^HTTP\/1\.1 200 [\s\S]*\{"ok":true\}\n$/,
      )
  })

  test('a client that goes away, and stays', async () => {
    await using server = await greeter()
    for (let count = 0; count < 20; count++) {
      const { hostname, port } = new URL(server.url)
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(run(server.url).slice(0, 5 * count))
      socket.destroy()
    }
    assert.equal((await ask(`${server.url}/healthz`)).status, 200)
    assert.equal((await post(`${server.url}/run`)).status, 200)
  })
})

describe('the end of a server', () => {
  test('lets requests under way be answered, and takes no more', async () => {
    await using server = await greeter()
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    const body = '{"value":{"name":"Mike"}}'
    socket.write(
      `POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    )
    await once(socket, 'data')
    const ended = server.close()
    socket.write(body)
    await once(socket, 'close')
    assert.match(text, /Hello, Mike/)
    assert.equal(await ended, true)
    await assert.rejects(ask(server.url))
  })

  test('cuts off who is not done in time', async () => {
    const server = await greeter({ drain: 50 })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const closed = closing(socket)
    socket.write('POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n')
    await once(socket, 'data')
    assert.equal(await server.close(), false)
    await closed
  })

  test('ends functions that never end', { timeout: 40_000 }, async () => {
    await using files = await folder()
    const loop = await files.file(
      'loop.wasm',
      await buildText('let n = 0; export function main(): i32 { while (true) n++; return n }'),
    )
    const server = await greeter({ drain: 200, functions: { loop } })
    const cut = assert.rejects(fetch(`${server.url}/run/loop`, { method: 'POST', body: '{}' }))
    // Its function was on the event loop for its slice when the next one is answered.
    assert.equal((await ask(`${server.url}/run`, { method: 'POST', body: '{"value":{"name":"Mike"}}' })).status, 200)
    assert.equal(await server.close(), false)
    await cut
  })
})
