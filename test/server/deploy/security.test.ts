import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { serve } from 'mortise/server'
import { TokenFile } from '../../../src/server/deploy/tokens.ts'
import { ask, closing, folder, post, raw } from '../server.ts'
import { answering, DeployServer, digestOf, entries } from './deploy-server.ts'

const bytes = await answering(1)
const digest = digestOf(bytes)
const deploys = '/v1/plugins/hello/deploys'

describe('the deploy API keeps out', () => {
  it('everybody, where there is no token', async () => {
    await using files = await folder()
    await assert.rejects(serve({ port: 0, deploy: { store: files.path, port: 0 } }), {
      code: 'OPTION_INVALID',
      message: /mortise token add/,
    })
  })

  it('everybody but who has the token of this very server, which is written nowhere', async () => {
    await using files = await folder()
    const token = 'of-this-server-alone'
    for (const wrong of ['short', 'with spaces in it, and long'])
      await assert.rejects(serve({ port: 0, deploy: { store: files.path, port: 0, token: wrong } }), {
        code: 'OPTION_INVALID',
        message: /'deploy\.token' to 'what was given'/,
      })
    await using server = await serve({ port: 0, deploy: { store: files.path, port: 0, token } })
    const statusWith = async (authorization: string): Promise<number> =>
      (await ask(`${server.deployUrl}/v1/plugins`, { headers: { authorization } })).status
    assert.deepEqual([await statusWith(`Bearer ${token}`), await statusWith('Bearer another-token-here')], [200, 401])
    assert.deepEqual((await readdir(files.path)).includes('tokens.json'), false)
  })

  it('those without a token, and those whose token is for something else', async () => {
    await using server = await DeployServer.start()
    await server.put(bytes)
    const reader = await server.addToken({ name: 'reader', roles: ['read'] })
    const invoker = await server.addToken({ name: 'invoker', roles: ['invoke'] })
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${server.token}` }]) {
      const { status, headers: answered } = await ask(`${server.url}/v1/plugins`, { headers })
      assert.deepEqual([status, answered.get('www-authenticate')], [401, 'Bearer'])
    }
    const refused = await server.api('POST', deploys, { digest }, reader)
    assert.deepEqual([refused.status, refused.body.get('code')], [403, 'ROLE_REFUSED'])
    assert.equal((await server.api('DELETE', '/v1/plugins/hello', undefined, reader)).status, 403)
    assert.equal((await server.api('GET', '/v1/plugins', undefined, reader)).status, 200)
    assert.equal((await server.api('GET', '/v1/plugins', undefined, invoker)).status, 403)
    const { body } = await server.api('GET', '/v1/audit')
    const outcomes = [...entries(body.get('audit')).values()].map((line) => entries(line).get('outcome'))
    assert.equal(outcomes.filter((outcome) => outcome === 'TOKEN_REFUSED').length, 3)
    assert.equal(outcomes.filter((outcome) => outcome === 'ROLE_REFUSED').length, 3)
    assert.deepEqual(server.server.functions, [])
  })

  it('code for a runtime that the token is not for', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    const wasmOnly = await server.addToken({ name: 'wasm', roles: ['deploy'] })
    const script = Buffer.from('export const main = () => ({ ran: true })')
    await server.put(script)
    const refused = await server.api('POST', deploys, { digest: digestOf(script) }, wasmOnly)
    assert.deepEqual([refused.status, refused.body.get('code')], [403, 'RUNTIME_NOT_ALLOWED'])
    const taken = await server.api('POST', deploys, { digest: digestOf(script) })
    assert.deepEqual([taken.status, taken.body.get('runtime')], [200, 'process'])
  })

  it('requests that are sent again once their token was revoked', async () => {
    await using server = await DeployServer.start()
    await server.put(bytes)
    const secret = await server.addToken({ name: 'short', roles: ['deploy'] })
    assert.equal((await server.api('POST', deploys, { digest }, secret)).status, 200)
    await new TokenFile(join(server.store, 'tokens.json')).revoke('short')
    assert.equal((await server.api('POST', deploys, { digest }, secret)).status, 401)
  })

  it('those who try tokens, for a while, and nobody with a right one', async () => {
    await using server = await DeployServer.start()
    const statuses: number[] = []
    for (let attempt = 0; attempt < 12; attempt++) {
      const { status, headers } = await server.api('GET', '/v1/plugins', undefined, `wrong-${attempt}`)
      statuses.push(status)
      if (status === 429) assert.match(headers.get('retry-after') ?? '', /^[1-6]?\d$/)
    }
    assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429, 429])
    assert.equal((await server.api('GET', '/v1/plugins')).status, 200)
  })

  it('other methods than those of a path, before anything else', async () => {
    await using server = await DeployServer.start()
    for (const [method, path, allow] of [
      ['GET', deploys, 'POST'],
      ['GET', '/v1/plugins/hello/rollback', 'POST'],
      ['POST', '/v1/plugins/hello', 'DELETE, GET, HEAD'],
      ['POST', '/v1/audit', 'GET, HEAD'],
    ] as const) {
      const { status, headers, text } = await ask(`${server.url}${path}`, { method })
      assert.deepEqual([status, headers.get('allow')], [405, allow], `${method} ${path} ${text}`)
    }
  })

  it('names that lead elsewhere, and bodies that say what they may not', async () => {
    await using server = await DeployServer.start()
    for (const name of ['..%2f..%2ftokens.json', '%2e%2e', '.hidden', 'a%00b', 'a%2fb', 'x'.repeat(101), '%ff', '-a'])
      for (const [method, path] of [
        ['POST', `/v1/plugins/${name}/deploys`],
        ['DELETE', `/v1/plugins/${name}`],
        ['GET', `/v1/artifacts/${name}`],
      ] as const) {
        const { status } = await server.api(method, path, method === 'POST' ? { digest } : undefined)
        assert(status === 400 || status === 404 || status === 405, `${method} ${path}: ${status}`)
      }
    for (const body of [{}, { digest: '../tokens.json' }, { digest, env: { A: 1 } }, { digest, limits: { x: 1 } }, []])
      assert.equal((await server.api('POST', deploys, body)).status, 400, JSON.stringify(body))
    const large = await server.api('POST', deploys, { digest, env: { A: 'x'.repeat(2 ** 20) } })
    assert.deepEqual([large.status, large.body.get('code')], [413, 'REQUEST_TOO_LARGE'])
    assert.deepEqual(server.server.functions, [])
  })

  it('web pages, and requests for a foreign host', async () => {
    await using server = await DeployServer.start()
    const { host } = new URL(server.url)
    for (const headers of ['Host: example.org', `Host: ${host}\r\nOrigin: https://example.org`]) {
      const text = await raw(
        server.url,
        `GET /v1/plugins HTTP/1.1\r\n${headers}\r\nAuthorization: Bearer ${server.token}\r\nConnection: close\r\n\r\n`,
      )
      assert.match(text, /^HTTP\/1\.1 403 [\s\S]*REQUEST_REFUSED/)
    }
  })

  it('requests with two meanings, and uploads that never end', async () => {
    await using server = await DeployServer.start({ patience: { request: 300 } })
    const { host } = new URL(server.url)
    const start = `PUT /v1/artifacts/${digest} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\n`
    const hidden = `DELETE /v1/plugins/hello HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\n\r\n`
    for (const smuggled of [
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
      'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
      'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    ]) {
      const text = await raw(server.url, start + smuggled + hidden)
      assert.match(text, /^HTTP\/1\.1 400 /)
      assert.doesNotMatch(text.slice(1), /HTTP\/1\.1/, 'one answer')
    }
    const slow = await raw(server.url, `${start}Content-Length: ${bytes.length}\r\n\r\n`, bytes.subarray(0, 10))
    assert.doesNotMatch(slow, /^HTTP\/1\.1 200/)
    assert.equal((await server.api('HEAD', `/v1/artifacts/${digest}`)).status, 404)
  })

  it('uploads that are more than they may be, however they come, and as many slow ones as there is room for', async () => {
    await using server = await DeployServer.start({ maxCode: 200_000, patience: { request: 1000 } })
    const { host } = new URL(server.url)
    const start = `PUT /v1/artifacts/${digest} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${server.token}\r\n`
    const endless = await Promise.all(
      Array.from({ length: 3 }, () => pour(server.url, `${start}Transfer-Encoding: chunked\r\n\r\n`)),
    )
    for (const text of endless) assert.match(text, /^HTTP\/1\.1 413 [^]*"code":"REQUEST_TOO_LARGE"/)
    const slow = Promise.all(
      Array.from({ length: 12 }, () =>
        raw(server.url, `${start}Content-Length: ${bytes.length}\r\n\r\n`, bytes.subarray(0, 9)),
      ),
    )
    const statuses = (await slow).map((text) => /^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
    assert.deepEqual([statuses.includes('200'), statuses.includes('503')], [false, true], statuses.join())
    assert.equal((await server.put(bytes)).status, 200)
  })

  it('what no trusted key has signed', async () => {
    await using files = await folder()
    const [ours, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
    const pem = await files.file('key.pem', ours.publicKey.export({ type: 'spki', format: 'pem' }))
    await using server = await DeployServer.start({}, { trustedKeys: [pem] })
    const signature = (key = ours.privateKey, of = digest): string =>
      sign(null, Buffer.from(`mortise artifact sha256:${of}`), key).toString('base64')
    for (const wrong of [undefined, signature(other.privateKey), signature(ours.privateKey, '0'.repeat(64))]) {
      const refused = await server.deploy('hello', bytes, { signature: wrong })
      assert.deepEqual([refused.status, refused.body.get('code')], [403, 'SIGNATURE_REFUSED'])
    }
    assert.equal((await server.deploy('hello', bytes, { signature: signature() })).status, 200)
    await server.restart()
    assert.deepEqual(server.server.functions, ['hello'])
    await writeFile(pem, other.publicKey.export({ type: 'spki', format: 'pem' }))
    await server.restart()
    assert.deepEqual(server.server.functions, [])
  })

  it('what it runs itself: a program finds no token in its environment, and is refused without', async () => {
    await using server = await DeployServer.start({ allow: ['process'] })
    const handler = Buffer.from(`
      export async function main({ url }) {
        const { status } = await fetch(url + '/v1/plugins/hello', { method: 'DELETE' })
        return { status, names: Object.keys(process.env).filter((name) => /token|secret|mortise/i.test(name)) }
      }`)
    assert.equal((await server.deploy('hello', handler)).status, 200)
    const { text } = await post(`${server.server.url}/run/hello`, JSON.stringify({ value: { url: server.url } }))
    assert.deepEqual(JSON.parse(text), { status: 401, names: [] })
    assert.deepEqual(server.server.functions, ['hello'])
  })
})

describe('a deploy API at a socket', () => {
  it('is for its user alone, also where one was left behind', { skip: process.platform === 'win32' }, async () => {
    const path = await mkdtemp(join(tmpdir(), 'mortise-socket-'))
    try {
      const socket = join(path, 'deploy.sock')
      await using server = await DeployServer.start({}, { socket })
      assert.equal(server.url, `unix:${socket}`)
      assert.equal((await stat(socket)).mode & 0o777, 0o600)
      assert.equal(await statusAt(socket, server.token), 200)
      assert.equal(await statusAt(socket, 'wrong'), 401)
      assert.doesNotMatch(await readFile(join(server.store, 'tokens.json'), 'utf8'), new RegExp(server.token))
      await assert.rejects(DeployServer.start({}, { socket }), { code: 'LISTEN_FAILED' })
    } finally {
      await rm(path, { recursive: true })
    }
  })
})

/** Sends a head, and chunks of a body for as long as anybody takes them. @returns all that came back */
async function pour(url: string, head: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  const closed = closing(socket)
  socket.write(head)
  const chunk = `10000\r\n${'x'.repeat(2 ** 16)}\r\n`
  const more = (): void => {
    while (socket.writable && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
  await closed
  return text
}

function statusAt(socketPath: string, token: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  request({ socketPath, path: '/v1/plugins', headers: { authorization: `Bearer ${token}` } }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode))
  })
    .once('error', reject)
    .end()
  return promise
}
