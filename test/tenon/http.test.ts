import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import type { BuildOptions } from 'mortise/build'
import { http, type HttpRequest } from 'mortise/http'
import { wasm } from 'mortise/wasm'
import { testHttp } from '../conformance/http.ts'
import { buildText } from '../support/guest.ts'
import { rejection } from '../support/wat.ts'

const imports = "import { Headers, Request, Response, log } from 'tenon/http'"
const quick = { optimize: 'none' } as const

/** A guest that answers by the statements of a function. */
const built = (statements: string, more = '', options: BuildOptions = quick): Promise<Uint8Array> =>
  buildText(`${imports}\n${more}\nexport function fetch(request: Request): Response { ${statements} }`, options)

const inBrackets = (text: string): string => JSON.stringify(text).replaceAll('\\u0000', '\\0')

testHttp('wasm, with tenon/http', {
  guests: {
    echo: await built(`
      const response = new Response(200, request.bytes())
      for (let i = 0; i < request.headers.length; i++)
        response.headers.append(request.headers.nameAt(i), request.headers.valueAt(i))
      return response`),
    target: await built(
      "return new Response(200, Uint8Array.wrap(String.UTF8.encode(request.method + ' ' + request.uri)))",
    ),
    count: await built(
      "if (request.method == 'DELETE') throw new Error('crashed')\ncount++\nreturn new Response(200, Uint8Array.wrap(String.UTF8.encode(count.toString())))",
      'let count = 0',
    ),
    answer: (status, name, value, body) =>
      built(`
        const response = new Response(${status}, Uint8Array.wrap(String.UTF8.encode(${inBrackets(body)})))
        response.headers.append(${inBrackets(name)}, ${inBrackets(value)})
        return response`),
  },
  crash: 'GUEST_ABORT',
  restores: true,
  malformed: ['GUEST_RESULT'],
  host: () => new Mortise({ runtimes: [wasm({ deadline: '20 s' })] }),
})

interface Site {
  readonly fetch: (request: Partial<HttpRequest>) => { status: number; text: string; headers: Record<string, string> }
  readonly lines: readonly string[]
}

describe('a guest of tenon/http', () => {
  const open = async (host: Mortise<'wasm'>, source: Uint8Array): Promise<Site['fetch']> => {
    const { hooks } = await host.plug('site', source, http)
    return (request) => {
      const response = hooks.fetch({ method: 'GET', uri: '/', headers: [], body: new Uint8Array(), ...request })
      const headers = Object.fromEntries(response.headers)
      return { status: response.status, text: Buffer.from(response.body).toString(), headers }
    }
  }
  const onWasm = (lines: string[] = []): Mortise<'wasm'> =>
    new Mortise({ runtimes: [wasm({ deadline: '20 s' })], log: ({ text }) => lines.push(text) })

  it('takes path, query and parameters apart', async () => {
    await using host = onWasm()
    const fetch = await open(
      host,
      await built(`
        const value = request.parameter('q')
        return Response.text(request.path + ' ' + request.query + ' ' + (value === null ? '-' : '[' + value + ']'))`),
    )
    const asked = (uri: string): string => fetch({ uri }).text
    assert.equal(asked('/a/b'), '/a/b  -')
    assert.equal(asked('/a?q'), '/a q []')
    assert.equal(asked('/a?&x=1&q=2&q=3'), '/a &x=1&q=2&q=3 [2]')
    assert.equal(asked('/%20?xq=1&%71=%C3%BC+b%2&'), '/%20 xq=1&%71=%C3%BC+b%2& [ü b%2]')
    assert.equal(asked('/?q=a=b?c'), '/ q=a=b?c [a=b?c]')
  })

  it('reads parameters as URLSearchParams does', async () => {
    await using host = onWasm()
    const fetch = await open(
      host,
      await built("const v = request.parameter('q'); return v === null ? new Response(404) : Response.text(v)"),
    )
    const query = fc.array(fc.constantFrom('q', '=', '&', '%', '%41', '%c3%bc', '+', 'z', '?', '%zz', 'q='), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(query, (parts) => {
        const { status, text } = fetch({ uri: `/?${parts.join('')}` })
        assert.equal(status === 404 ? null : text, new URL(`http://x/?${parts.join('')}`).searchParams.get('q'))
      }),
    )
  })

  it('finds headers whatever their capitals, joins equal ones, and changes its own', async () => {
    await using host = onWasm()
    const fetch = await open(
      host,
      await built(`
        const own = request.headers
        const found = own.get('x-A')
        own.set('X-New', found === null ? 'none' : found)
        own.delete('x-a')
        const response = Response.text(own.has('X-a') ? 'has it' : 'has it not', 201)
        for (let i = 0; i < own.length; i++) response.headers.append(own.nameAt(i), own.valueAt(i))
        return response`),
    )
    const headers: HttpRequest['headers'] = [
      ['X-a', '1'],
      ['other', ''],
      ['x-A', '2'],
      ['x!a', '3'],
    ]
    assert.deepEqual(fetch({ headers }), {
      status: 201,
      text: 'has it not',
      headers: { 'content-type': 'text/plain;charset=UTF-8', other: '', 'x!a': '3', 'X-New': '1, 2' },
    })
    assert.equal(fetch({}).headers['X-New'], 'none')
  })

  it('answers with text, HTML, JSON, bytes, redirects and nothing', async () => {
    await using host = onWasm()
    const fetch = await open(
      host,
      await built(`
        if (request.path == '/text') return Response.text('\\ud800ü')
        if (request.path == '/html') return Response.html('<p>', 404)
        if (request.path == '/json') return Response.json('{}')
        if (request.path == '/bytes') return Response.bytes(request.bytes())
        if (request.path == '/redirect') return Response.redirect('/text')
        return new Response(204)`),
    )
    const asked = (uri: string): unknown => {
      const { status, text, headers } = fetch({ uri, body: Buffer.from('b') })
      return [status, text, headers['content-type'] ?? headers['location']]
    }
    assert.deepEqual(asked('/text'), [200, '\ufffdü', 'text/plain;charset=UTF-8'])
    assert.deepEqual(asked('/html'), [404, '<p>', 'text/html;charset=UTF-8'])
    assert.deepEqual(asked('/json'), [200, '{}', 'application/json'])
    assert.deepEqual(asked('/bytes'), [200, 'b', 'application/octet-stream'])
    assert.deepEqual(asked('/redirect'), [302, '', '/text'])
    assert.deepEqual(asked('/'), [204, '', undefined])
  })

  it('reads and writes JSON, and is told when a body is none', async () => {
    await using host = onWasm()
    const fetch = await open(
      host,
      await buildText(
        `import { Request, Response } from 'tenon/http'
         import { json, parse } from 'tenon/http/json'
         @json class Order { count: i32 = 0; name: string = '' }
         export function fetch(request: Request): Response {
           const order = parse<Order>(request)
           if (order === null) return Response.text('no JSON', 400)
           order.count *= 5
           return json(order, 201)
         }`,
        quick,
      ),
    )
    const sent = (text: string): unknown => {
      const { status, text: answer } = fetch({ method: 'POST', body: Buffer.from(text) })
      return [status, answer]
    }
    assert.deepEqual(sent('{"count":3,"name":"a\\"ü"}'), [201, '{"count":15,"name":"a\\"ü"}'])
    for (const text of [
      '',
      '{',
      '{"count":3',
      '{"count":03}',
      '{"name":"\n"}',
      '{"name":"\\x"}',
      '{} {}',
      '['.repeat(300),
    ])
      assert.deepEqual(sent(text), [400, 'no JSON'], text)
  })

  for (const gc of ['minimal', 'incremental'] as const) {
    it(`keeps its state and no request, over many calls with gc '${gc}'`, async () => {
      await using host = onWasm()
      const fetch = await open(
        host,
        await built(
          `const seen = request.headers.get('x-seen')
           if (seen !== null) all.add(seen)
           return Response.text(all.size.toString() + ' ' + request.text().length.toString())`,
          'const all = new Set<string>()',
          { gc },
        ),
      )
      const body = Buffer.alloc(10_000, 'x')
      for (let call = 0; call < 5000; call++) {
        const headers = Array.from({ length: 10 }, (_, index): [string, string] => [`x-${index}`, 'y'.repeat(40)])
        const { text } = fetch({ headers: [...headers, ['x-seen', String(call % 7)]], body })
        assert.equal(text, `${Math.min(call + 1, 7)} 10000`)
      }
      const plugin = host.plugins.get('site')
      assert.equal(plugin?.stats().restores, 0)
    })
  }

  it('cannot read headers of a request whose call has ended', async () => {
    await using host = onWasm()
    const { hooks } = await host.plug(
      'site',
      await built(
        'const before = kept; kept = request; return Response.text(before === null ? "first" : before.headers.nameAt(0))',
        'let kept: Request | null = null',
      ),
      http,
    )
    const request: HttpRequest = { method: 'GET', uri: '/', headers: [['a', 'b']], body: new Uint8Array() }
    hooks.fetch(request)
    const error = await rejection('GUEST_ABORT', (async () => hooks.fetch(request))())
    assert.match(error.message, /a request lasts as long as its call/)
  })

  for (const [what, source, said] of [
    ['no fetch', 'const other = 1', /There is no function 'fetch'/],
    [
      'a fetch that is not exported',
      'function fetch(request: Request): Response { return new Response() }',
      /not exported/,
    ],
    [
      'two parameters',
      'export function fetch(a: Request, b: i32): Response { return new Response() }',
      /takes 2 parameters/,
    ],
    ['no result', 'export function fetch(request: Request): void {}', /no result type/],
    [
      'another result',
      'export function fetch(request: Request): string { return "" }',
      /'string' is not assignable to type 'Response'/,
    ],
    [
      'another parameter',
      'export function fetch(request: string): Response { return new Response() }',
      /'Request' is not assignable to type 'string'/,
    ],
  ] as const) {
    it(`is refused by the build with ${what}`, async () => {
      await assert.rejects(buildText(`${imports}\n${source}`, quick), said)
    })
  }

  it('may take no request', async () => {
    await using host = onWasm()
    const source = await buildText(
      "import { Response } from 'tenon/http'\nexport function fetch(): Response { return Response.text('hi') }",
      quick,
    )
    assert.equal((await open(host, source))({}).text, 'hi')
  })
})
