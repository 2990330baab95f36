import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Dev } from '../support/dev.ts'

const site = (word: string): string =>
  `export default { fetch: async (request: Request) => new Response(${JSON.stringify(word)} + ' ' + new URL(request.url).pathname + ' ' + (await request.text())) }\n`

const wasmSite = (word: string): string => `import { Request, Response } from 'tenon/http'

export function fetch(request: Request): Response {
  return Response.text('${word} ' + request.path)
}
`

const text = async (url: string, headers: Record<string, string> = {}): Promise<string> =>
  (await fetch(url, { headers })).text()

describe('mortise dev with HTTP handlers', () => {
  it('serves one at the paths of the server, and calls it after each reload with the request that a file says', async () => {
    const request = { method: 'PUT', path: '/shop/5', headers: { 'x-a': '1' }, body: { amount: 2 } }
    const files = { 'site.ts': site('one'), 'request.json': JSON.stringify(request) }
    await using dev = await Dev.start(files, ['site.ts', '--mount', '/shop', '--invoke', 'request.json'])
    assert.ok(dev.url.endsWith('/shop'))
    const { status, text: answer } = await dev.next('answered')
    assert.deepEqual([status, answer], [200, 'one /shop/5 {"amount":2}'])
    await dev.save('site.ts', site('two'))
    const response = await fetch(`${dev.url}/7`)
    assert.deepEqual([await response.text(), response.headers.get('x-mortise-version')], ['two /shop/7 ', '2'])
  })

  it('shows what is wrong in the page where nothing is live yet, and at /_mortise while the last good version answers', async () => {
    await using dev = await Dev.start({ 'site.ts': "export default { fetch: = '<b>' }\n" })
    await dev.next('failed')
    const html = { accept: 'text/html' }
    const page = await text(dev.url, html)
    assert.match(page, /<!doctype html>[\s\S]*site\.ts:1:\d+[\s\S]*export default \{ fetch: = &#39;&lt;b&gt;/)
    await dev.save('site.ts', site('good'))
    assert.equal(await text(`${dev.url}x`), 'good /x ')
    await dev.save('site.ts', `${site('bad')}throw new Error('no <i>luck</i>')\n`, 'failed')
    const response = await fetch(dev.url, { headers: html })
    assert.deepEqual([await response.text(), response.headers.get('x-mortise-broken')], ['good / ', '/_mortise'])
    assert.match(await text(`${dev.url}_mortise`, html), /site\.ts:2:7[\s\S]*throw new Error\(&#39;no &lt;i&gt;luck/)
  })

  it('builds one of AssemblyScript', async () => {
    await using dev = await Dev.start({ 'site.ts': wasmSite('one') }, ['site.ts', '--optimize', 'none'])
    await dev.next('live')
    assert.equal(await text(`${dev.url}a`), 'one /a')
    await dev.save('site.ts', wasmSite('two'))
    assert.equal(await text(`${dev.url}a`), 'two /a')
  })

  it('tells a handler from an action by what it exports', async () => {
    await using dev = await Dev.start({ 'it.mjs': 'export const main = () => ({ is: "an action" })\n' })
    await dev.next('live')
    assert.deepEqual(await dev.call(), { is: 'an action' })
    await dev.save('it.mjs', 'export const Handler = (request, response) => response.end("a handler")\n')
    assert.equal(await text(new URL('/', dev.url).href), 'a handler')
  })
})
