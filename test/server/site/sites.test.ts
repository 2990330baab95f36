import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { MortiseError } from 'mortise'
import { serve } from 'mortise/server'
import { Sites } from '../../../src/server/site/sites.ts'
import { ask, folder, post, raw } from '../server.ts'
import { answering, script } from './guests.ts'

const [one, two] = [answering(1), answering(2)]
const page = { accept: 'text/html,application/xhtml+xml' }
const host = (url: string): string => new URL(url).host

describe('sites of a server', () => {
  it('answer at their mounts, the longest one first, and leave the server its own paths', async () => {
    await using files = await folder()
    const path = await files.file('one.wasm', one)
    await using server = await serve({
      port: 0,
      sites: { root: path, shop: { path, mount: '/shop/a' } },
      functions: {},
    })
    await server.sites.plug('shop', two, { mount: '/shop/a' })
    const texts = async (...paths: string[]): Promise<string[]> =>
      Promise.all(paths.map(async (each) => (await ask(server.url + each)).text.trim()))
    assert.deepEqual(await texts('/', '/?a', '/shop', '/shop/ab'), Array(4).fill('wasm 1'))
    assert.deepEqual(
      await texts('/shop/a', '/shop/a?b', '/shop/a/', `/shop/a${'/'.repeat(9000)}`),
      Array(4).fill('wasm 2'),
    )
    assert.deepEqual(await texts(`/${'/'.repeat(9000)}`), ['wasm 1'])
    assert.equal((await ask(`${server.url}/healthz`)).text, '{"ok":true,"versions":{"root":1,"shop":2}}\n')
    assert.equal((await post(`${server.url}/run/none`)).status, 404)
    assert.equal((await ask(`${server.url}/web/none`)).status, 404)
    const version = (await ask(`${server.url}/shop/a`)).headers.get('x-mortise-version')
    assert.equal(version, '2')
    const whole = await raw(
      server.url,
      `GET http://other.example/shop/a HTTP/1.1\r\nHost: ${host(server.url)}\r\nConnection: close\r\n\r\n`,
    )
    assert.match(whole, /^HTTP\/1\.1 200 [^]*wasm 2/)
    for (const mount of [
      '/run',
      '/healthz/x',
      'shop',
      '/a//b',
      '/..',
      '/a b',
      '/%61',
      `/${'a'.repeat(101)}`,
      '/_mortise',
    ])
      await assert.rejects(server.sites.plug('other', two, { mount }), { code: 'OPTION_INVALID' }, mount)
    await assert.rejects(server.sites.plug('other', two), { code: 'MOUNT_TAKEN' })
    const loading = server.sites.plug('slow', two, { mount: '/shop/a/b' })
    assert.deepEqual(await texts('/shop/a/b'), ['wasm 2'])
    const removed = loading.then(() => server.sites.remove('slow'))
    await removed
    assert.deepEqual(
      server.sites.all.map(({ name }) => name),
      ['root', 'shop'],
    )
    await server.sites.plug('shop', one, { mount: '/store' })
    assert.deepEqual(await texts('/store', '/shop/a'), ['wasm 1', 'wasm 1'])
    await server.sites.plug('other', two, { mount: '/shop/a' })
    await server.sites.remove('root')
    assert.deepEqual([(await ask(server.url)).status, ...(await texts('/shop/a'))], [404, 'wasm 2'])
  })

  it('are no more than they may be', async () => {
    for (const threads of [0, 1.5, 1001]) await assert.rejects(serve({ threads }), { code: 'OPTION_INVALID' })
    await using server = await serve({ port: 0, maxFunctions: 1, threads: 1 })
    await server.sites.plug('a', one)
    await assert.rejects(server.sites.plug('b', two, { mount: '/b' }), { code: 'FUNCTIONS_LIMIT' })
    await server.sites.plug('a', two)
    await server.sites.remove('a')
    await server.sites.plug('b', one, { mount: '/' })
    assert.equal((await ask(`${server.url}/b`)).text, 'wasm 1\n')
  })

  it('give what was asked, and send what was answered, without what frames either', async () => {
    await using server = await serve({ port: 0, allow: ['esm'] })
    await server.sites.plug(
      'echo',
      Buffer.from(`export default {
      async fetch(request) {
        const body = await request.text()
        const headers = [['x-a', '1'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['content-length', '1'], ['x-mortise-version', '9'],
          ['connection', 'close'], ['transfer-encoding', 'chunked'], ['x-seen', JSON.stringify([...request.headers.keys()])]]
        if (request.method === 'HEAD') return new Response(null, { headers: [['content-length', '77']] })
        const status = Number(new URL(request.url).searchParams.get('status') ?? 200)
        return new Response(status === 204 ? null : request.method + ' ' + new URL(request.url).pathname + ' ' + body, { status, headers })
      },
    }`),
    )
    const { text, headers } = await post(`${server.url}/a/b`, 'body', { 'x-b': '2', 'x-request-id': 'mine' })
    assert.equal(text, 'POST /a/b body')
    assert.deepEqual(
      [headers.get('x-a'), headers.get('x-mortise-version'), headers.get('x-request-id')],
      ['1', '1', 'mine'],
    )
    assert.deepEqual(headers.getSetCookie(), ['a=1', 'b=2'])
    assert.equal(headers.get('content-length'), '14')
    const seen = headers.get('x-seen') ?? ''
    assert.match(seen, /"x-b"/)
    assert.doesNotMatch(seen, /"connection"|"transfer-encoding"/)
    const empty = await raw(server.url, `GET /?status=204 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    assert.doesNotMatch(empty, /content-length|transfer-encoding/i)
    const head = await raw(server.url, `HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    assert.match(head, /content-length: 77\r\n[^]*\r\n\r\n$/)
    const large = await post(server.url, Buffer.alloc(2 ** 21))
    assert.equal(large.status, 413)
  })

  it('take no requests of other sites, and those of their own pages', async () => {
    await using server = await serve({ port: 0 })
    await server.sites.plug('site', one)
    assert.equal((await post(server.url, '', { origin: 'http://evil.example' })).status, 403)
    assert.equal((await post(server.url, '', { origin: server.url })).status, 200)
    assert.match(
      await raw(server.url, 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
      /^HTTP\/1\.1 403 /,
    )
  })

  it('that loop or crash keep nobody else waiting, and are whole again', async () => {
    await using server = await serve({ port: 0 })
    await server.sites.plug('bad', one, { deadline: '2 s' })
    await server.sites.plug('good', two, { mount: '/0' })
    const loops = Array.from({ length: 4 }, () => ask(`${server.url}/loop`))
    const seen = { over: false }
    void Promise.all(loops).then(() => (seen.over = true))
    let answered = 0
    while (!seen.over) {
      assert.equal((await ask(`${server.url}/0`)).text, 'wasm 2\n')
      answered++
    }
    for (const { status, text } of await Promise.all(loops)) {
      assert.equal(status, 504)
      assert.deepEqual(JSON.parse(text), {
        error: 'The call took longer than its deadline and was stopped.',
        code: 'DEADLINE',
      })
    }
    assert(answered > 1, `${answered} were answered beside it`)
    assert.equal((await ask(`${server.url}/crash`)).status, 502)
    assert.equal((await ask(server.url)).text, 'wasm 1\n')
  })

  it('finish what they have begun on the version that they began on, until it has had its time', async () => {
    await using server = await serve({ port: 0, allow: ['esm'], swapDrain: '300 ms' })
    await server.sites.plug('site', Buffer.from(script(1)))
    const under = ask(`${server.url}/100`)
    const late = ask(`${server.url}/60000`)
    const { sites } = server
    assert(sites instanceof Sites)
    while (sites.get('site')?.stats().running !== 2) await setImmediate()
    await server.sites.plug('site', Buffer.from(script(2)))
    const after = await ask(server.url)
    const [finished, ended] = [await under, await late]
    assert.deepEqual([after.text, after.headers.get('x-mortise-version')], ['js 2\n', '2'])
    assert.deepEqual([finished.text, finished.headers.get('x-mortise-version')], ['js 1\n', '1'])
    assert.deepEqual([ended.status, ended.headers.get('x-mortise-version')], [503, '1'])
    assert.match(ended.text, /"code":"VERSION_RETIRED"/)
  })

  for (const place of ['wasm', 'process'] as const) {
    it(`are ended where they loop on a version that is live no more, on ${place}`, async () => {
      await using server = await serve({ port: 0, allow: ['process'], swapDrain: '300 ms' })
      const { sites } = server
      assert(sites instanceof Sites)
      const code = (number: number): Uint8Array => (place === 'wasm' ? answering(number) : Buffer.from(script(number)))
      await sites.plug('site', code(1))
      const looping = ask(`${server.url}/loop`)
      while (sites.get('site')?.stats().running !== 1) await setImmediate()
      await sites.plug('site', code(2))
      const { status, text } = await looping
      assert.equal(status, 503, text)
      assert.match(text, /"code":"VERSION_RETIRED"/)
      assert.match((await ask(server.url)).text, / 2\n$/)
    })
  }

  it('say what is wrong to whoever works on them, in a page for browsers', async () => {
    await using server = await serve({ port: 0, allow: ['esm'], detail: true })
    const error = new MortiseError('BUILD_FAILED', 'Cannot build <b>it</b>', {
      diagnostics: [{ message: 'Expected "}"', file: 'site.ts', line: 3, column: 5, source: '  a <b> c' }],
    })
    server.sites.broken('site', error)
    const broken = await ask(server.url, { headers: page })
    assert.equal(broken.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(broken.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.match(broken.text, /Cannot build &lt;b&gt;it&lt;\/b&gt;/)
    assert.match(broken.text, /site\.ts:3:5<\/b> Expected &quot;}&quot;\n {2}a &lt;b&gt; c\n {4}\^/)
    assert.equal(broken.status, 502)
    await server.sites.plug('site', Buffer.from(script(1)))
    assert.equal((await ask(server.url)).headers.get('x-mortise-broken'), null)
    server.sites.broken('site', error)
    const living = await ask(server.url)
    assert.deepEqual([living.status, living.text, living.headers.get('x-mortise-broken')], [200, 'js 1\n', '/_mortise'])
    assert.match((await ask(`${server.url}/_mortise`, { headers: page })).text, /site\.ts:3:5/)
    assert.match((await ask(`${server.url}/_mortise`)).text, /"broken":\{"code":"BUILD_FAILED"/)
    const crashed = await ask(`${server.url}/crash`, { headers: page })
    assert.match(crashed.text, /crashed &lt;here&gt;/)
    await server.sites.remove('site')
    assert.equal((await ask(`${server.url}/_mortise`)).text, '{"sites":[]}\n')
  })

  it('tell strangers nothing of what is wrong in there', async () => {
    await using server = await serve({ port: 0, allow: ['esm'] })
    await server.sites.plug('site', Buffer.from(script(1)))
    for (const headers of [page, {}]) {
      const { status, text } = await ask(`${server.url}/crash`, { headers })
      assert.equal(status, 502)
      assert.match(text, /GUEST_THREW/)
      assert.doesNotMatch(text, /crashed|here/)
    }
    server.sites.broken('site', new MortiseError('BUILD_FAILED', 'secret'))
    assert.equal((await ask(`${server.url}/_mortise`)).status, 404)
    const living = await ask(server.url)
    assert.deepEqual([living.text, living.headers.get('x-mortise-broken')], ['js 1\n', null])
  })
})
