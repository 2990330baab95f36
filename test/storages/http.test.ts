import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type FieldKind, type FieldValue, type Row, RowReader } from 'mortise/extension'
import { http, type HttpOptions } from 'mortise/storages'
import { failure } from '../support/wat.ts'
import { call, keyOf, single, startServer } from './asking.ts'

/** Asks through the storage, and gives the row. */
async function ask(
  options: HttpOptions,
  fields: Readonly<Record<string, FieldValue>>,
  signal = call.signal,
): Promise<(kind: FieldKind, name?: string) => FieldValue | undefined> {
  const [key, row] = await single(http(options).read?.(keyOf('sys.Http', fields), undefined, { signal }))
  assert.deepEqual(key, fields)
  return (kind, name = 'any') => reader(row).read(kind, name)
}

function reader(row: Row): RowReader {
  assert.ok(row instanceof RowReader)
  return row
}

const text = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : assert.fail('no text'))

describe('a request', () => {
  test('reaches a server as the guest wrote it, and its answer the guest', async () => {
    await using server = await startServer((_request, response) => {
      response.setHeader('x-one', 'first')
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.writeHead(201).end('Grüße')
    })
    const row = await ask(
      { allow: [server.host] },
      {
        Url: `${server.url}/path?query=1`,
        Method: 'put',
        Header: ['X-A: 1', 'x-b:2:3', 'X-A: 4'],
        Body: Uint8Array.of(0, 255, 1),
      },
    )
    assert.equal(row('int32'), 201)
    assert.equal(row('string'), 'Grüße')
    assert.deepEqual(row('bytes'), new Uint8Array(Buffer.from('Grüße')))
    assert.equal(row('string', 'Error'), '')
    const headers = text(row('string', 'Header')).split('\n')
    for (const header of ['X-One: first', 'Set-Cookie: a=1', 'Set-Cookie: b=2']) assert.ok(headers.includes(header))
    for (const kind of ['int64', 'bool', 'QName'] as const) assert.equal(row(kind), undefined)
    const [request] = server.requests
    assert.equal(request?.method, 'PUT')
    assert.equal(request.path, '/path?query=1')
    assert.equal(request.headers['x-a'], '1, 4')
    assert.equal(request.headers['x-b'], '2:3')
    assert.deepEqual([...request.body], [0, 255, 1])
  })

  test('is a GET unless it says else, and a status of failure is none of the request', async () => {
    await using server = await startServer((_request, response) => void response.writeHead(503).end('later'))
    const row = await ask({ allow: (url) => url.host === server.host }, { Url: server.url })
    assert.equal(row('int32'), 503)
    assert.equal(row('string'), 'later')
    assert.equal(server.requests[0]?.method, 'GET')
  })

  test('that is none is the fault of a field', async () => {
    const cases: readonly (readonly [Readonly<Record<string, FieldValue>>, string, RegExp])[] = [
      [{}, 'Url', /'url': not found/],
      [{ Url: 'no url' }, 'Url', /no URL of the web/],
      [{ Url: 'file:///etc/passwd' }, 'Url', /no URL of the web/],
      [{ Url: 'http://ada:secret@example.com/' }, 'Url', /password/],
      [{ Url: 'http://example.com/', Method: 'GET /' }, 'Method', /is no method/],
      [{ Url: 'http://example.com/', Header: ['no colon'] }, 'Header', /'no colon' is no header/],
      [{ Url: 'http://example.com/', Header: ['a b: 1'] }, 'Header', /is no header/],
      [{ Url: 'http://example.com/', Header: ['a: 1\nb: 2'] }, 'Header', /^'a' is no header(?!.*2)/],
      [{ Url: 'http://example.com/', Body: Uint8Array.of(1) }, 'Body', /a GET has no body/],
      [
        { Url: 'http://example.com/', HTTPClientTimeoutMilliseconds: 0n },
        'HTTPClientTimeoutMilliseconds',
        /out of range: 0/,
      ],
      [
        { Url: 'http://example.com/', HTTPClientTimeoutMilliseconds: 2n ** 60n },
        'HTTPClientTimeoutMilliseconds',
        /range/,
      ],
    ]
    for (const [fields, field, message] of cases) {
      await assert.rejects(ask({ allow: ['example.com'] }, fields), {
        code: 'EXTENSION_FIELD',
        details: { field },
        message,
      })
    }
  })
})

describe('only servers that are allowed', () => {
  test('are asked, and followed to', async () => {
    await using other = await startServer((_request, response) => void response.end('other'))
    await using server = await startServer(({ path }, response) => {
      const to = { '/away': other.url, '/here': '/end', '/loop': '/loop', '/file': 'file:///etc/passwd' }[path]
      if (to === undefined) response.end('end')
      else response.writeHead(302, { location: to }).end()
    })
    const allow = [server.host]
    await assert.rejects(ask({ allow }, { Url: other.url, HandleErrors: true }), {
      code: 'EXTENSION_STORAGE',
      message: /may not ask http:\/\/127\.0\.0\.1:\d+: it is not allowed/,
    })
    assert.equal((await ask({ allow }, { Url: `${server.url}/here` }))('string'), 'end')
    assert.equal((await ask({ allow: [server.host, other.host] }, { Url: `${server.url}/away` }))('string'), 'other')
    await assert.rejects(ask({ allow }, { Url: `${server.url}/away` }), /redirects to .*, which is not allowed/)
    await assert.rejects(
      ask({ allow: () => true }, { Url: `${server.url}/file` }),
      /redirects to null, which is not allowed/,
    )
    await assert.rejects(ask({ allow }, { Url: `${server.url}/loop` }), /redirects for the 11th time/)
    assert.equal(other.requests.length, 1)
  })

  test('are those of which a function says true, and says it at once', async () => {
    await using server = await startServer((_request, response) => void response.end('end'))
    // @ts-expect-error -- a promise is true for whoever does not look at what it is
    const late: HttpOptions = { allow: async () => false }
    await assert.rejects(ask(late, { Url: server.url }), /'allow' gave a Promise, and says true or false/)
    await assert.rejects(ask({ allow: () => false }, { Url: server.url }), /it is not allowed/)
    assert.equal(server.requests.length, 0)
  })

  test('get what is for them when a request is redirected', async () => {
    await using other = await startServer((_request, response) => void response.end())
    await using server = await startServer(({ path }, response) => {
      response.writeHead(Number(path.slice(1)), { location: `${other.url}/to` }).end()
    })
    const allow = [server.host, other.host]
    const fields = { Method: 'POST', Header: ['Authorization: secret', 'X-A: 1'], Body: Uint8Array.of(7) }
    for (const status of [301, 302, 303, 307, 308]) await ask({ allow }, { ...fields, Url: `${server.url}/${status}` })
    assert.deepEqual(
      other.requests.map(({ method, body }) => [method, body.length]),
      [
        ['GET', 0],
        ['GET', 0],
        ['GET', 0],
        ['POST', 1],
        ['POST', 1],
      ],
    )
    for (const { headers } of other.requests)
      assert.deepEqual([headers.authorization, headers['x-a']], [undefined, '1'])
  })
})

describe('a server', () => {
  test('that is stopped fails the request, or gives a row that says so', async () => {
    const server = await startServer((_request, response) => void response.end('here'))
    const options = { allow: [server.host] }
    assert.equal((await ask(options, { Url: server.url }))('string'), 'here')
    await server.stop()
    await assert.rejects(ask(options, { Url: server.url }), /GET http.* failed: fetch failed/)
    const row = await ask(options, { Url: server.url, HandleErrors: true })
    assert.match(text(row('string', 'Error')), /fetch failed/)
    assert.equal(row('string'), row('string', 'Error'))
    assert.equal(row('int32'), 0)
  })

  test('that takes too long is given up', async () => {
    await using server = await startServer(({ path }, response) => {
      if (path === '/body') response.write('some of it')
    })
    const options = { allow: [server.host], timeout: '200 ms' }
    for (const path of ['/', '/body']) {
      await assert.rejects(ask(options, { Url: server.url + path }), /took longer than 200 ms/)
      const less = ask(options, { Url: server.url + path, HTTPClientTimeoutMilliseconds: 30n })
      await assert.rejects(less, /took longer than 30 ms/)
      const more = ask(options, { Url: server.url + path, HTTPClientTimeoutMilliseconds: 60_000n })
      await assert.rejects(more, /took longer than 200 ms/)
    }
  })

  test('is not waited for once the call has ended', async () => {
    const ended = new AbortController()
    await using server = await startServer(() => ended.abort(new Error('the plugin was unplugged')))
    const asked = ask({ allow: [server.host] }, { Url: server.url, HandleErrors: true }, ended.signal)
    await assert.rejects(asked, /the plugin was unplugged/)
  })

  test('that answers too much is cut off', async () => {
    await using server = await startServer((_request, response) => {
      response.on('error', () => {})
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(10_000)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const options = { allow: [server.host], answer: '64 KiB' }
    await assert.rejects(ask(options, { Url: server.url }), /the answer has more than 65536 bytes/)
  })
})

test('options are checked', () => {
  // @ts-expect-error -- callers without a type checker
  failure('OPTION_INVALID', () => http({}))
  for (const allow of ['https://example.com', 'example.com/path', 'Example.com', ''])
    failure('OPTION_INVALID', () => http({ allow: [allow] }))
  failure('OPTION_INVALID', () => http({ allow: [], timeout: 0 }))
  failure('OPTION_INVALID', () => http({ allow: [], answer: 'much' }))
  // @ts-expect-error -- the same
  failure('OPTION_UNKNOWN', () => http({ allow: [], timeouts: 1 }))
})
