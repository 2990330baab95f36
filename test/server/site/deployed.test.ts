import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DeployServer, digestOf, entries } from '../deploy/deploy-server.ts'
import { ask } from '../server.ts'
import { answering, script } from './guests.ts'

const [one, two] = [answering(1), answering(2)]
const http = { contract: 'http' }

describe('HTTP handlers that are deployed', () => {
  it('are live at their mounts, go back by a moved pointer, and are there after a restart', async () => {
    await using server = await DeployServer.start()
    const get = async (path = '/'): Promise<readonly unknown[]> => {
      const { text, status, headers } = await ask(server.server.url + path)
      return status === 200 ? [text.trim(), headers.get('x-mortise-version')] : [status]
    }
    const first = await server.deploy('site', one, { ...http, smoke: { path: '/1' } })
    assert.deepEqual([first.status, first.body.get('version'), first.body.get('runtime')], [200, 1, 'wasm'])
    await server.deploy('site', two, { ...http, mount: '/shop' })
    assert.deepEqual([await get(), await get('/shop/x')], [[404], ['wasm 2', '2']])
    const back = await server.api('POST', '/v1/plugins/site/rollback')
    assert.deepEqual([back.status, back.body.get('version'), back.body.get('kept')], [200, 1, true])
    assert.deepEqual(
      [await get(), await get('/shop')],
      [
        ['wasm 1', '1'],
        ['wasm 1', '1'],
      ],
    )
    const taken = await server.deploy('other', two, http)
    assert.deepEqual([taken.status, taken.body.get('code')], [409, 'MOUNT_TAKEN'])
    const own = await server.deploy('other', two, { ...http, mount: '/run/a' })
    assert.deepEqual([own.status, own.body.get('code')], [400, 'OPTION_INVALID'])
    await server.restart()
    assert.deepEqual(await get('/shop'), ['wasm 1', '1'])
    assert.equal((await ask(`${server.server.url}/healthz`)).text, '{"ok":true,"versions":{"site":1}}\n')
    const { body } = await server.api('GET', '/v1/plugins')
    assert.equal(entries(entries(body.get('plugins')).get('0')).get('mount'), '/')
    const stats = await server.api('GET', '/v1/plugins/site/stats')
    assert.deepEqual([stats.body.get('version'), stats.body.get('activations'), stats.body.get('mount')], [1, 1, '/'])
    const metrics = (await ask(`${server.server.url}/metrics`)).text
    assert.match(metrics, /^mortise_site_requests_total\{site="site"\} 1$/m)
    await server.api('DELETE', '/v1/plugins/site')
    assert.deepEqual(await get(), [404])
    assert.equal((await server.deploy('other', two, http)).status, 200)
  })

  it('change nothing where they fail their smoke call, or do not fit', async () => {
    await using server = await DeployServer.start()
    await server.deploy('site', one, http)
    for (const [smoke, bytes] of [
      [{ path: '/crash' }, two],
      [{ path: '/', status: 201 }, two],
    ] as const) {
      const { status, body } = await server.deploy('site', bytes, { ...http, mount: '/a', smoke })
      assert.deepEqual([status, body.get('code')], [422, 'SMOKE_FAILED'])
    }
    const module = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    assert.equal((await server.deploy('site', module, http)).body.get('code'), 'MODULE_REFUSED')
    const { text, headers } = await ask(`${server.server.url}/a`)
    assert.deepEqual([text, headers.get('x-mortise-version')], ['wasm 1\n', '1'])
  })

  it('become functions, and functions them', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    await server.deploy('site', one, http)
    const action = await server.deploy('site', Buffer.from('export const main = () => ({ number: 1 })'))
    assert.deepEqual([action.status, action.body.get('version')], [200, 2])
    assert.deepEqual(await server.run('site'), ['{"number":1}', '2'])
    assert.equal((await ask(server.server.url)).status, 404)
    const back = await server.api('POST', '/v1/plugins/site/rollback')
    assert.deepEqual([back.status, back.body.get('version')], [200, 1])
    assert.equal((await ask(server.server.url)).text, 'wasm 1\n')
    assert.equal((await server.run('site'))[1], null)
  })

  it('run in processes where they are JavaScript, of any kind of module', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    const commonjs =
      "exports.Handler = (request, response) => { response.setHeader('x-a', 'b'); response.end('node ' + request.url) }"
    const typed = script(7).replace('fetch(request)', 'fetch(request: Request): Promise<Response>')
    for (const [code, text] of [
      [script(1), 'js 1\n'],
      [commonjs, 'node /'],
      [typed, 'js 7\n'],
    ] as const) {
      const { status, body } = await server.deploy('site', Buffer.from(code), http)
      assert.deepEqual([status, body.get('runtime')], [200, 'process'], JSON.stringify([...body]))
      assert.equal((await ask(server.server.url)).text, text)
    }
    const loop = await server.deploy('site', Buffer.from(script(3)), { ...http, limits: { deadline: 2000 } })
    assert.equal(loop.body.get('digest'), digestOf(Buffer.from(script(3))))
    assert.equal((await ask(`${server.server.url}/loop`)).status, 504)
    assert.equal((await ask(server.server.url)).text, 'js 3\n')
    const none = await server.deploy('site', Buffer.from('export const main = 1'), http)
    assert.equal(none.status, 422, JSON.stringify([...none.body]))
    assert.equal((await ask(server.server.url)).text, 'js 3\n')
  })
})
