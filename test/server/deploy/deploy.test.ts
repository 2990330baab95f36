import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { buildText } from '../../support/guest.ts'
import { ask, initBody, post } from '../server.ts'
import { answering, DeployServer, digestOf, entries } from './deploy-server.ts'

const [one, two, three] = await Promise.all([1, 2, 3].map(answering))
assert(one && two && three)

describe('the deploy API', () => {
  it('makes artifacts live under a name, says what it took, and says of each answer its version', async () => {
    await using server = await DeployServer.start()
    assert.equal((await server.api('GET', `/v1/artifacts/${digestOf(one)}`)).status, 404)
    const first = await server.deploy('hello', one, { smoke: {} })
    assert.equal(first.status, 200, JSON.stringify([...first.body]))
    assert.deepEqual(
      [first.body.get('plugin'), first.body.get('version'), first.body.get('digest'), first.body.get('runtime')],
      ['hello', 1, digestOf(one), 'wasm'],
    )
    assert.deepEqual([...entries(first.body.get('timings')).keys()], ['load', 'smoke', 'handOver', 'store', 'swap'])
    assert.deepEqual(await server.run('hello'), ['{"number":1,"calls":2}', '1'])
    await server.deploy('hello', two)
    assert.deepEqual(await server.run('hello'), ['{"number":2,"calls":1}', '2'])
    assert.equal((await server.api('HEAD', `/v1/artifacts/${digestOf(one)}`)).status, 200)
  })

  it('takes uploads compressed, of the digest that they are said to have', async () => {
    await using server = await DeployServer.start({ maxCode: 200_000 })
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const bytes = Buffer.concat([one, Buffer.from(encoding)])
      const { status } = await server.put(compress(bytes), digestOf(bytes), { 'content-encoding': encoding })
      assert.equal(status, 200, encoding)
      assert.equal((await server.api('HEAD', `/v1/artifacts/${digestOf(bytes)}`)).status, 200)
      const bomb = Buffer.alloc(10_000_000)
      const large = await server.put(compress(bomb), digestOf(bomb), { 'content-encoding': encoding })
      assert.deepEqual([large.status, large.body.get('code')], [413, 'REQUEST_TOO_LARGE'], encoding)
      const damaged = await server.put(Buffer.from('none'), digestOf(bytes), { 'content-encoding': encoding })
      assert.deepEqual([damaged.status, damaged.body.get('code')], [400, 'REQUEST_INVALID'], encoding)
    }
    const other = await server.put(two, digestOf(three))
    assert.deepEqual([other.status, other.body.get('code')], [400, 'DIGEST_MISMATCH'])
    assert.equal((await server.put(two, digestOf(two), { 'content-encoding': 'deflate' })).status, 400)
    assert.equal((await server.put(Buffer.alloc(200_001))).status, 413)
  })

  it('goes back to versions that were live, by a moved pointer where they are kept, and else by the store', async () => {
    await using server = await DeployServer.start({}, { keep: 1 })
    for (const bytes of [one, two, three]) await server.deploy('hello', bytes)
    const back = await server.api('POST', '/v1/plugins/hello/rollback')
    assert.deepEqual([back.status, back.body.get('version'), back.body.get('kept')], [200, 2, true])
    assert.deepEqual(await server.run('hello'), ['{"number":2,"calls":1}', '2'])
    const first = await server.api('POST', '/v1/plugins/hello/rollback', { version: 1 })
    assert.deepEqual([first.status, first.body.get('version'), first.body.get('kept')], [200, 1, false])
    assert.deepEqual(await server.run('hello'), ['{"number":1,"calls":1}', '1'])
    assert.equal((await server.api('POST', '/v1/plugins/hello/rollback')).body.get('version'), 2)
    const absent = await server.api('POST', '/v1/plugins/hello/rollback', { version: 9 })
    assert.deepEqual([absent.status, absent.body.get('code')], [404, 'VERSION_ABSENT'])
    await server.deploy('hello', one)
    assert.deepEqual(await server.run('hello'), ['{"number":1,"calls":1}', '4'])
  })

  it('changes nothing where a version cannot be loaded, or fails its smoke call', async () => {
    await using server = await DeployServer.start()
    await server.deploy('hello', one)
    const failing = await server.deploy('hello', await failingModule(), { smoke: {} })
    assert.deepEqual([failing.status, failing.body.get('code')], [422, 'SMOKE_FAILED'])
    const broken = await server.deploy('hello', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    assert.deepEqual([broken.status, broken.body.get('code')], [422, 'MODULE_REFUSED'])
    assert.notEqual(broken.body.get('problems'), undefined)
    const script = await server.deploy('hello', Buffer.from('export const main = () => ({})'))
    assert.deepEqual([script.status, script.body.get('code')], [403, 'RUNTIME_NOT_ALLOWED'])
    const absent = await server.api('POST', '/v1/plugins/hello/deploys', { digest: '0'.repeat(64) })
    assert.deepEqual([absent.status, absent.body.get('code')], [404, 'ARTIFACT_ABSENT'])
    assert.deepEqual(await server.run('hello'), ['{"number":1,"calls":1}', '1'])
    const { body } = await server.api('GET', '/v1/plugins/hello')
    assert.equal(entries(body.get('versions')).size, 1)
  })

  it('starts again with what was live, and says what cannot be loaded any more', async () => {
    await using server = await DeployServer.start()
    await server.deploy('a', one, { web: true, env: { SECRET: 'x' } })
    await server.deploy('b', two)
    await server.deploy('b', three)
    await server.api('POST', '/v1/plugins/b/rollback')
    await server.deploy('gone', one)
    await server.api('DELETE', '/v1/plugins/gone')
    await server.restart()
    assert.deepEqual(await server.run('a'), ['{"number":1,"calls":1}', '1'])
    assert.deepEqual(await server.run('b'), ['{"number":2,"calls":1}', '1'])
    assert.deepEqual(server.server.functions, ['a', 'b'])
    const text = JSON.stringify([...(await server.api('GET', '/v1/plugins')).body])
    assert.match(text, /"env":\["SECRET"\]/)
    assert.equal((await server.api('POST', '/v1/plugins/b/rollback', { version: 2 })).status, 200)
    await rm(join(server.store, 'artifacts', digestOf(one)))
    await server.restart()
    assert.deepEqual(server.server.functions, ['b'])
    assert.deepEqual(await server.run('b'), ['{"number":3,"calls":1}', '2'])
    const repaired = await server.deploy('a', one)
    assert.deepEqual([repaired.status, repaired.body.get('version')], [200, 2])
  })

  it('owns what it has written down: nothing else changes it', async () => {
    await using server = await DeployServer.start()
    await server.deploy('hello', one)
    const authorization = `Bearer ${server.server.token}`
    const init = `${server.server.url}/init/hello`
    const taken = await post(init, initBody(two), { authorization })
    assert.deepEqual([taken.status, entries(JSON.parse(taken.text)).get('code')], [409, 'PLUGIN_EXISTS'])
    assert.equal((await ask(init, { method: 'DELETE', headers: { authorization } })).status, 409)
    assert.deepEqual(await server.run('hello'), ['{"number":1,"calls":1}', '1'])
    await server.api('DELETE', '/v1/plugins/hello')
    assert.equal((await post(init, initBody(two), { authorization })).status, 200)
  })

  it('has the last of 50 deploys that are made at once', async () => {
    await using server = await DeployServer.start()
    for (const bytes of [one, two, three]) await server.put(bytes)
    const digests = [one, two, three].map(digestOf)
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        server.api('POST', '/v1/plugins/hello/deploys', { digest: digests[index % 3] }),
      ),
    )
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]))
    const versions = replies.map(({ body }) => Number(body.get('version')))
    assert.deepEqual(
      versions.toSorted((a, b) => a - b),
      Array.from({ length: 50 }, (_, index) => index + 1),
    )
    const last = replies.find(({ body }) => body.get('version') === 50)
    const number = digests.indexOf(String(last?.body.get('digest'))) + 1
    assert.deepEqual(await server.run('hello'), [`{"number":${number},"calls":1}`, '50'])
  })

  it('says what there is, what happened, and who did it', async () => {
    await using server = await DeployServer.start()
    await server.deploy('hello', one)
    await server.api('POST', '/v1/plugins/hello/deploys', { digest: '0'.repeat(64) })
    await server.run('hello')
    const { body: stats } = await server.api('GET', '/v1/plugins/hello/stats')
    assert.deepEqual([stats.get('version'), stats.get('activations'), stats.get('runtime')], [1, 1, 'wasm'])
    const { body } = await server.api('GET', '/v1/audit')
    const lines = [...entries(body.get('audit')).values()].map(entries)
    assert.deepEqual(
      lines.map((line) => ['by', 'action', 'plugin', 'outcome'].map((name) => line.get(name))),
      [
        ['tester', 'deploy', 'hello', 'ARTIFACT_ABSENT'],
        ['tester', 'deploy', 'hello', 'done'],
      ],
    )
    assert.equal((await server.api('DELETE', '/v1/plugins/hello')).status, 200)
    for (const path of ['/v1/plugins/hello', '/v1/plugins/hello/stats', '/v1/plugins/hello/logs'])
      assert.equal((await server.api('GET', path)).status, 404, path)
    assert.equal((await server.api('DELETE', '/v1/plugins/hello')).status, 404)
  })

  it('streams events and lines', async () => {
    await using server = await DeployServer.start()
    const authorization = `Bearer ${server.token}`
    await server.deploy('hello', one)
    const stop = new AbortController()
    const response = await fetch(`${server.url}/v1/events`, { headers: { authorization }, signal: stop.signal })
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    let text = ''
    const done = server.deploy('hello', two)
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      if (text.includes('"version":2')) break
    }
    await done
    assert.match(text, /event: deploy\ndata: \{"plugin":"hello","version":1/)
    stop.abort()
  })

  it('remembers 100 lines of each plugin, sends those after the last that was seen, and says whether some were missed', async () => {
    await using server = await DeployServer.start()
    const source = `
      import { log } from 'tenon/action'
      export function main(event: string): string { log.info(event); return '{}' }`
    await server.deploy('hello', await buildText(source))
    const idsAfter = async (last?: string): Promise<{ readonly ids: readonly string[]; readonly missed: boolean }> => {
      const headers = { authorization: `Bearer ${server.token}`, ...(last !== undefined && { 'last-event-id': last }) }
      const { text } = await ask(`${server.url}/v1/plugins/hello/logs?follow=false`, { headers })
      return {
        ids: [...text.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id),
        missed: text.includes('event: missed'),
      }
    }
    await server.run('hello')
    const [first = ''] = (await idsAfter()).ids
    await Promise.all(Array.from({ length: 50 }, () => server.run('hello')))
    assert.deepEqual([(await idsAfter(first)).ids.length, (await idsAfter(first)).missed], [50, false])
    await Promise.all(Array.from({ length: 60 }, () => server.run('hello')))
    const { ids, missed } = await idsAfter(first)
    assert.deepEqual([ids.length, missed], [100, true])
    assert.deepEqual(await idsAfter(ids.at(-1)), { ids: [], missed: false })
    assert.deepEqual((await idsAfter('another-process.7')).ids, ids)
  })

  it('is described by the schemas that validate what it takes', async () => {
    await using server = await DeployServer.start()
    const { body } = await server.api('GET', '/v1/openapi.json')
    assert.equal(body.get('openapi'), '3.1.0')
    assert.deepEqual(
      [...entries(body.get('paths')).keys()],
      [
        '/v1/artifacts/{digest}',
        '/v1/plugins/{name}/deploys',
        '/v1/plugins/{name}/rollback',
        '/v1/plugins/{name}',
        '/v1/plugins',
        '/v1/plugins/{name}/stats',
        '/v1/audit',
        '/v1/plugins/{name}/logs',
        '/v1/events',
        '/v1/openapi.json',
      ],
    )
    const refused = await server.api('POST', '/v1/plugins/hello/deploys', { digest: digestOf(one), other: 1 })
    assert.deepEqual([refused.status, refused.body.get('code')], [400, 'REQUEST_INVALID'])
  })
})

async function failingModule(): Promise<Uint8Array> {
  return buildText(`export function main(_: string): string { throw new Error('no') }`)
}
