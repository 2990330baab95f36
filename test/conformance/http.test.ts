import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { esm } from 'mortise/esm'
import { http, type HttpRequest } from 'mortise/http'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { rejection, wat } from '../support/wat.ts'
import { get, type HttpGuests, testHttp } from './http.ts'

/** A module by the canonical ABI; memory is taken from behind 64 KiB and given back after each call. */
function byHand(fetch: string, more = ''): Uint8Array {
  return wat(`(module
    (memory (export "memory") 1)
    (global $heap (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $bytes i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
      (global.set $heap (i32.add (local.get $at) (local.get $bytes)))
      (if (i32.gt_u (global.get $heap) (i32.shl (memory.size) (i32.const 16)))
        (then (drop (memory.grow (i32.add (i32.shr_u (local.get $bytes) (i32.const 16)) (i32.const 1))))))
      (local.get $at))
    (func (export "cabi_post_fetch") (param i32) (global.set $heap (i32.const 65536)))
    (func $answer (param $status i32) (param $headers i32) (param $count i32) (param $body i32) (param $length i32) (result i32)
      (i32.store16 (i32.const 1024) (local.get $status))
      (i32.store (i32.const 1028) (local.get $headers))
      (i32.store (i32.const 1032) (local.get $count))
      (i32.store (i32.const 1036) (local.get $body))
      (i32.store (i32.const 1040) (local.get $length))
      (i32.const 1024))
    ${more}
    (func (export "fetch")
      (param $method i32) (param $methodLength i32) (param $uri i32) (param $uriLength i32)
      (param $headers i32) (param $count i32) (param $body i32) (param $length i32) (result i32)
      ${fetch}))`)
}

const data = (at: number, text: string): string => {
  const bytes = [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return `(data (i32.const ${at}) "${bytes}")`
}

const inWat: HttpGuests = {
  echo: byHand(
    '(call $answer (i32.const 200) (local.get $headers) (local.get $count) (local.get $body) (local.get $length))',
  ),
  target: byHand(`
    (memory.copy (i32.const 2048) (local.get $method) (local.get $methodLength))
    (i32.store8 (i32.add (i32.const 2048) (local.get $methodLength)) (i32.const 32))
    (memory.copy (i32.add (i32.const 2049) (local.get $methodLength)) (local.get $uri) (local.get $uriLength))
    (call $answer (i32.const 200) (i32.const 0) (i32.const 0) (i32.const 2048)
      (i32.add (i32.const 1) (i32.add (local.get $methodLength) (local.get $uriLength))))`),
  count: byHand(
    `(global.set $count (i32.add (global.get $count) (i32.const 1)))
     (if (i32.eq (local.get $methodLength) (i32.const 6)) (then unreachable))
     (i32.store8 (i32.const 2048) (i32.add (i32.const 48) (global.get $count)))
     (call $answer (i32.const 200) (i32.const 0) (i32.const 0) (i32.const 2048) (i32.const 1))`,
    '(global $count (mut i32) (i32.const 0))',
  ),
  answer: (status, name, value, body) => {
    const [nameAt, valueAt, bodyAt] = [4096, 8192, 12288]
    return byHand(
      `(i32.store (i32.const 2048) (i32.const ${nameAt}))
       (i32.store (i32.const 2052) (i32.const ${name.length}))
       (i32.store (i32.const 2056) (i32.const ${valueAt}))
       (i32.store (i32.const 2060) (i32.const ${value.length}))
       (call $answer (i32.const ${status}) (i32.const 2048) (i32.const 1) (i32.const ${bodyAt}) (i32.const ${body.length}))`,
      data(nameAt, name) + data(valueAt, value) + data(bodyAt, body),
    )
  },
}

const text = (source: string): Uint8Array => Buffer.from(source)

const inJavaScript: HttpGuests = {
  echo: text(`export default {
    fetch: async (request) => new Response(await request.bytes(), { headers: request.headers })
  }`),
  target: text(`export default {
    fetch: ({ method, url }) => new Response(new TextEncoder().encode(method + ' ' + url.slice('http://localhost'.length)))
  }`),
  count: text(`
    class Site {
      #count = 0
      fetch({ method }) {
        this.#count++
        if (method === 'DELETE') throw new Error('crashed')
        return new Response(new TextEncoder().encode(String(this.#count)))
      }
    }
    export default new Site()`),
  answer: (status, name, value, body) =>
    text(`export default {
      fetch() {
        const headers = [[${JSON.stringify(name)}, ${JSON.stringify(value)}]]
        return new Response(${body === '' ? 'null' : JSON.stringify(body)}, { status: ${status}, headers })
      }
    }`),
}

testHttp('wasm, by hand', {
  guests: inWat,
  crash: 'TRAP_UNREACHABLE',
  restores: true,
  malformed: ['GUEST_RESULT'],
  host: () => new Mortise({ runtimes: [wasm({ deadline: '20 s' })] }),
})

testHttp('esm, in JavaScript', {
  guests: inJavaScript,
  crash: 'GUEST_THREW',
  restores: false,
  // The guest's own Response refuses most of it.
  malformed: ['GUEST_RESULT', 'GUEST_THREW'],
  host: () => new Mortise({ runtimes: [esm()] }),
})

testHttp('process, in JavaScript', {
  guests: inJavaScript,
  crash: 'GUEST_THREW',
  restores: false,
  malformed: ['GUEST_RESULT', 'GUEST_THREW'],
  host: () => new Mortise({ runtimes: [childProcess()] }),
})

describe('http on esm, and what only JavaScript can do', () => {
  const onEsm = (): Mortise<'esm'> => new Mortise({ runtimes: [esm()] })

  const answers: Readonly<Record<string, readonly [expression: string, code: 'GUEST_RESULT' | 'GUEST_THREW']>> = {
    'no Response': ['({ status: 200 })', 'GUEST_RESULT'],
    nothing: ['undefined', 'GUEST_RESULT'],
    'an error Response': ['Response.error()', 'GUEST_RESULT'],
    'a rejection': ["Promise.reject(new Error('mine'))", 'GUEST_THREW'],
    'a body that was read': [
      "(async () => { const r = new Response('x'); await r.text(); return r })()",
      'GUEST_RESULT',
    ],
    'a body of text chunks': [
      "new Response(new ReadableStream({ start(c) { c.enqueue('x'); c.close() } }))",
      'GUEST_RESULT',
    ],
    'a body that fails': [
      "new Response(new ReadableStream({ pull(c) { c.error(new Error('mine')) } }))",
      'GUEST_THREW',
    ],
  }
  for (const [what, [expression, code]] of Object.entries(answers)) {
    it(`answering with ${what} is an error, and the next call works`, async () => {
      await using host = onEsm()
      const source = `export default { fetch: ({ url }) => (url.endsWith('/ok') ? new Response('ok') : ${expression}) }`
      const { hooks } = await host.plug('site', text(source), http)
      await rejection(code, hooks.fetch(get('/')))
      assert.equal((await hooks.fetch(get('/ok'))).status, 200)
    })
  }

  it('reads no more than 16 MiB of a body, and cancels the rest', async () => {
    await using host = onEsm()
    const lines: string[] = []
    await using logged = new Mortise({ runtimes: [esm()], log: (line) => lines.push(line.text) })
    const source = (size: number): Uint8Array =>
      text(`export default {
        fetch(request, { log }) {
          let sent = 0
          return new Response(new ReadableStream({
            pull(controller) {
              if (sent++ === ${size}) controller.close()
              else controller.enqueue(new Uint8Array(2 ** 20))
            },
            cancel() { log.info('cancelled') },
          }))
        }
      }`)
    const plugin = await host.plug('site', source(16), http)
    assert.equal((await plugin.hooks.fetch(get('/'))).body.length, 16 * 2 ** 20)
    const endless = await logged.plug('site', source(Infinity), http)
    await rejection('OUTPUT_LIMIT', endless.hooks.fetch(get('/')))
    assert.deepEqual(lines, ['cancelled'])
  })

  it('joins the chunks of a body, and keeps cookies apart', async () => {
    await using host = onEsm()
    const source = `export default {
      async fetch(request, { config, log }) {
        log.info(request.url)
        const chunks = ['a', 'bc', '', config.key]
        const body = new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setImmediate(resolve))
            const next = chunks.shift()
            if (next === undefined) controller.close()
            else controller.enqueue(new TextEncoder().encode(next))
          }
        })
        return new Response(body, { headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2']] })
      }
    }`
    const { hooks } = await host.plug('site', text(source), http, { config: { key: 'd' } })
    const { headers, body } = await hooks.fetch(get('/'))
    assert.equal(Buffer.from(body).toString(), 'abcd')
    assert.deepEqual(headers, [
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
  })

  it('names the host that the request names, or the URL that it gives', async () => {
    await using host = onEsm()
    const { hooks } = await host.plug('site', text('export default { fetch: ({ url }) => new Response(url) }'), http)
    const url = async (request: Partial<HttpRequest>): Promise<string> =>
      Buffer.from((await hooks.fetch({ ...get('/x'), ...request })).body).toString()
    assert.equal(await url({}), 'http://localhost/x')
    assert.equal(await url({ headers: [['Host', 'example.org:8080']] }), 'http://example.org:8080/x')
    assert.equal(await url({ uri: 'https://example.org/y?z' }), 'https://example.org/y?z')
  })

  const requests: Readonly<Record<string, Partial<HttpRequest>>> = {
    'a method that Fetch forbids': { method: 'CONNECT' },
    'a body with GET': { body: Buffer.from('x') },
    'a header that is none': { headers: [['x y', 'z']] },
    'a host that is none': { headers: [['host', 'evil.example/x?']] },
    'a URI that is none': { uri: 'nowhere' },
  }
  for (const [what, request] of Object.entries(requests)) {
    it(`refuses ${what} before the guest sees it`, async () => {
      await using host = onEsm()
      const plugin = await host.plug('site', text('export default { fetch: () => new Response() }'), http)
      await rejection('INPUT_INVALID', plugin.hooks.fetch({ ...get('/'), ...request }))
      assert.equal(plugin.stats().calls, 0)
    })
  }

  for (const source of [
    'export const fetch = () => new Response()',
    'export default {}',
    'export default { fetch: 1 }',
    'export default null',
  ]) {
    it(`refuses the module ${source}`, async () => {
      await using host = onEsm()
      const error = await rejection('MODULE_REFUSED', host.plug('site', text(source), http))
      assert.match(error.details.problems?.[0] ?? '', /fetch/)
    })
  }
})
