import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { serve } from 'mortise/server'
import { ask, raw } from '../server.ts'
import { answering } from './guests.ts'

test('whatever is asked of a site is answered, and its server goes on', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  await using server = await serve({ port: 0, allow: ['esm'], detail: true })
  await server.sites.plug('wasm', answering(1))
  const echo = `export default {
    async fetch(request) { return new Response(await request.text(), { headers: { 'x-url': encodeURI(request.url) } }) },
  }`
  await server.sites.plug('js', Buffer.from(echo), { mount: '/js' })
  const target = fc.oneof(
    fc.stringMatching(/^\/[!-~]{0,40}$/),
    fc.stringMatching(/^\/js[!-~]{0,40}$/),
    fc.stringMatching(/^https?:\/\/[!-~]{1,40}$/),
    fc.constantFrom('*', '//', '/js//', '/_mortise', '/run/x', '/healthz/../js', `/${'a/'.repeat(3000)}`),
  )
  const method = fc.oneof(
    fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE'),
    fc.stringMatching(/^[A-Z]{1,10}$/),
  )
  const header = fc.tuple(fc.stringMatching(/^[a-z-]{1,12}$/), fc.stringMatching(/^[ -~\x80-\xff]{0,30}$/))
  const request = fc.record({ method, target, headers: fc.array(header, { maxLength: 5 }), body: fc.string() })
  await fc.assert(
    fc.asyncProperty(request, async ({ method: verb, target: path, headers, body }) => {
      const lines = headers.map(([name, value]) => `x-${name}: ${value}\r\n`).join('')
      const length = Buffer.byteLength(body)
      const head = `${verb} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\n${lines}\r\n`
      const answer = await raw(server.url, Buffer.from(head, 'latin1'), body)
      // What Node itself closes has no answer: a tunnel, for one.
      if (verb === 'CONNECT') return
      assert.match(answer, /^HTTP\/1\.1 [2-5]\d\d /)
      assert.doesNotMatch(answer, /"INTERNAL"/)
    }),
    { seed, numRuns: 150 },
  )
  assert.equal((await ask(server.url)).text, 'wasm 1\n')
  assert.equal((await ask(`${server.url}/js`, { method: 'POST', body: 'said' })).text, 'said')
})
