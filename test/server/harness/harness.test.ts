import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import { type Bucket, openBucket } from '../../../src/server/harness/bucket.ts'
import { type Harness, serveHarness } from '../../../src/server/harness/harness.ts'
import { Guard } from '../../../src/server/guard.ts'
import { Token } from '../../../src/server/token.ts'
import { ask, folder, post } from '../server.ts'
import { answering, script } from '../site/guests.ts'

const token = new Token('0123456789abcdef')
const authorization = `Bearer ${token.text}`

async function harness(
  bucket: Bucket,
  more: { readonly detail?: boolean; readonly runtime?: 'esm' | 'process' } = {},
): Promise<Harness & AsyncDisposable & { reload(): ReturnType<typeof post>; readonly said: readonly string[] }> {
  const said: string[] = []
  const served = await serveHarness({
    place: { host: '127.0.0.1', port: 0 },
    bucket,
    token,
    guard: new Guard({}, '127.0.0.1'),
    limits: {},
    runtime: 'process',
    code: 2 ** 20,
    body: 2 ** 20,
    drain: 5000,
    detail: false,
    line: () => {},
    watch: (reload) =>
      said.push(reload instanceof Error ? reload.code : `${reload.version}${reload.same ? ' same' : ''}`),
    ...more,
  })
  return {
    ...served,
    said,
    reload: () => post(`${served.url}/_reload`, '', { authorization }),
    [Symbol.asyncDispose]: async () => void (await served.close()),
  }
}

describe('the harness', () => {
  it('serves what lies in a folder, and what lies there later, back and forth', async () => {
    await using files = await folder()
    await using served = await harness(openBucket(files.path, 2 ** 20))
    const nothing = await ask(served.url)
    assert.deepEqual([nothing.status, nothing.text], [500, 'No Plugin Found\n'])
    assert.equal(
      (await ask(served.url, { headers: { accept: 'text/html' } })).headers.get('content-type'),
      'text/html; charset=utf-8',
    )
    const absent = await served.reload()
    assert.equal(absent.status, 500)
    assert.match(absent.text, /^no plugin found: .* holds no plugin\.wasm and no plugin\.js/)
    for (const [number, version] of [
      [1, '1'],
      [2, '2'],
      [1, '3'],
    ] as const) {
      await files.file('plugin.wasm', answering(number))
      const reloaded = await served.reload()
      assert.deepEqual(
        [reloaded.status, reloaded.text, reloaded.headers.get('x-mortise-version')],
        [200, 'ok', version],
      )
      const { text, headers } = await ask(`${served.url}/any/path?a`, { method: 'PUT', body: 'x' })
      assert.deepEqual([text, headers.get('x-mortise-version')], [`wasm ${number}\n`, version])
    }
    const same = await served.reload()
    assert.deepEqual([same.text, same.headers.get('x-mortise-version')], ['ok', '3'])
    await rm(join(files.path, 'plugin.wasm'))
    await files.file('plugin.js', script(4))
    assert.equal((await served.reload()).text, 'ok')
    assert.equal((await ask(served.url)).text, 'js 4\n')
    assert.deepEqual(served.said, ['ARTIFACT_UNREADABLE', 'ARTIFACT_UNREADABLE', '1', '2', '3', '3 same', '4'])
  })

  it('keeps the last version that worked, whatever comes, and is told what is wrong', async () => {
    await using files = await folder()
    const path = await files.file('plugin.wasm', answering(1))
    await using served = await harness(openBucket(files.path, 2 ** 20), { detail: true })
    for (const [bytes, status, code] of [
      [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 422, 'MODULE_REFUSED'],
      [Buffer.from('export const Handler = 1'), 422, undefined],
      [Buffer.from('export default {'), 422, undefined],
      [Buffer.alloc(0), 400, 'CODE_EMPTY'],
    ] as const) {
      await writeFile(path, bytes)
      const refused = await served.reload()
      assert.equal(refused.status, status, refused.text)
      if (code !== undefined) assert.match(refused.text, new RegExp(`"code":"${code}"`))
      const living = await ask(served.url)
      assert.deepEqual([living.text, living.headers.get('x-mortise-broken')], ['wasm 1\n', '/_mortise'])
    }
    assert.match((await ask(`${served.url}/_mortise`)).text, /CODE_EMPTY/)
    await writeFile(path, answering(1))
    assert.equal((await served.reload()).text, 'ok')
    const living = await ask(served.url)
    assert.deepEqual([living.headers.get('x-mortise-version'), living.headers.get('x-mortise-broken')], ['1', null])
  })

  it('reloads and ends for nobody who has no token, nor for a link that somebody follows', async () => {
    await using files = await folder()
    await files.file('plugin.wasm', answering(1))
    await using served = await harness(openBucket(files.path, 2 ** 20))
    for (const path of ['/_reload', '/_die', '/_reload?a']) {
      const got = await ask(served.url + path, { headers: { authorization } })
      assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST'])
      assert.equal((await post(served.url + path)).status, 401)
      assert.equal((await post(served.url + path, '', { authorization: 'Bearer 0123456789abcdeg' })).status, 401)
      assert.equal((await post(served.url + path, '', { authorization, origin: 'http://evil.example' })).status, 403)
    }
    assert.deepEqual(served.said, ['1'])
    const died = await post(`${served.url}/_die`, '', { authorization })
    assert.deepEqual([died.status, died.text], [200, 'reseting'])
    await served.died
    assert.equal(await served.close(), true)
  })

  it('has what is newest after 50 reloads at once, of which those that wait are one', async () => {
    await using files = await folder()
    const path = await files.file('plugin.wasm', answering(1))
    await using served = await harness(openBucket(files.path, 2 ** 20))
    const replies = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        if (index === 25) await rename(await files.file('next', answering(2)), path)
        return served.reload()
      }),
    )
    assert(replies.every(({ status }) => status === 200))
    await served.reload()
    assert.equal((await ask(served.url)).text, 'wasm 2\n')
    assert(served.said.filter((said) => !said.endsWith('same')).length === 2, served.said.join())
  })

  it('leaves nothing behind', async () => {
    await using files = await folder()
    await using temporary = await folder()
    const { TMPDIR } = process.env
    process.env['TMPDIR'] = temporary.path
    try {
      await files.file('plugin.js', script(1))
      const served = await harness(openBucket(files.path, 2 ** 20))
      assert.equal((await readdir(temporary.path)).length, 1)
      await files.file('plugin.js', script(2))
      await served.reload()
      await served.close()
      assert.deepEqual(await readdir(temporary.path), [])
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
    }
  })

  it('fetches from a URL, of which it keeps the query and tells nobody', async () => {
    const asked: string[] = []
    const holds = new Map<string, Uint8Array | string>()
    const bucket = createServer(({ url = '' }, response) => {
      asked.push(url)
      const found = holds.get(url.split('?', 1)[0] ?? '')
      if (found === '302') response.writeHead(302, { location: '/else' }).end()
      else response.writeHead(found === undefined ? 404 : 200).end(found)
    }).listen(0, '127.0.0.1')
    await once(bucket, 'listening')
    const address = bucket.address()
    assert(typeof address === 'object' && address !== null)
    const url = `http://127.0.0.1:${address.port}/b/?sign=secret`
    try {
      await using served = await harness(openBucket(url, 5000), { detail: true })
      assert.equal((await served.reload()).status, 500)
      holds.set('/b/plugin.js', script(1))
      assert.equal((await served.reload()).text, 'ok')
      assert.equal((await ask(served.url)).text, 'js 1\n')
      holds.set('/b/plugin.wasm', answering(2))
      assert.equal((await served.reload()).text, 'ok')
      assert.equal((await ask(served.url)).text, 'wasm 2\n')
      assert.deepEqual(new Set(asked), new Set(['/b/plugin.wasm?sign=secret', '/b/plugin.js?sign=secret']))
      for (const wrong of ['302', Buffer.alloc(5001)]) {
        holds.set('/b/plugin.wasm', wrong)
        const { status, text } = await served.reload()
        assert.equal(status, 500)
        assert.match(text, /^no plugin found: /)
        assert.doesNotMatch(text, /secret/)
      }
      assert.equal((await ask(served.url)).text, 'wasm 2\n')
    } finally {
      bucket.close()
      bucket.closeAllConnections()
    }
    for (const wrong of ['http://example.org/b', 'gs://bucket', 'ftp://localhost/a'])
      assert.throws(
        () => openBucket(wrong, 1),
        (error) => MortiseError.is(error, 'OPTION_INVALID'),
      )
  })
})
