import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { MortiseError } from 'mortise'
import { DeployClient, signArtifact } from 'mortise/client'
import { buildText } from '../support/guest.ts'
import { answering, DeployServer, digestOf } from '../server/deploy/deploy-server.ts'
import { folder, post } from '../server/server.ts'

const run = promisify(execFile)
const [one, two] = await Promise.all([1, 2].map(answering))
assert(one && two)

const clientOf = ({ url, token }: DeployServer): DeployClient => new DeployClient({ url, token })

describe('a client', () => {
  it('sends what the server does not have, compressed, and makes it live', async () => {
    await using server = await DeployServer.start()
    using client = clientOf(server)
    assert.equal(await client.has(digestOf(one)), false)
    const first = await client.push('hello', one, { smoke: {}, env: { A: 'b' } })
    assert.deepEqual([first.version, first.digest, first.runtime], [1, digestOf(one), 'wasm'])
    assert(first.sent > 0 && first.sent < one.length * 0.6, `${first.sent} of ${one.length} bytes`)
    assert.deepEqual(Object.keys(first.timings), ['load', 'smoke', 'handOver', 'store', 'swap'])
    const again = await client.push('hello', one)
    assert.deepEqual([again.version, again.sent], [2, 0])
    assert.equal(await client.has(digestOf(one)), true)
    assert.deepEqual(await server.run('hello'), ['{"number":1,"calls":1}', '2'])
  })

  it('says what is live, goes back, and takes away', async () => {
    await using server = await DeployServer.start()
    using client = clientOf(server)
    await client.push('hello', one)
    await client.push('hello', two)
    await client.push('other', two)
    const back = await client.rollback('hello')
    assert.deepEqual([back.version, back.digest, back.kept], [1, digestOf(one), true])
    assert.equal((await client.rollback('hello', 2)).version, 2)
    const live = await client.list()
    assert.deepEqual(
      live.map(({ plugin, version, size, by }) => [plugin, version, size, by]),
      [
        ['hello', 2, two.length, 'tester'],
        ['other', 1, two.length, 'tester'],
      ],
    )
    const { live: version, versions, activations } = await client.show('hello')
    assert.deepEqual([version, versions.map((each) => each.version)], [2, [2, 1]])
    assert.deepEqual(
      activations.map((each) => each.version),
      [2, 1, 2, 1],
    )
    assert.equal((await client.stats('hello'))['version'], 2)
    await client.remove('hello')
    await assert.rejects(client.show('hello'), { code: 'VERSION_ABSENT' })
    await client.push('hello', two)
    assert.deepEqual(
      (await client.show('hello')).activations.map((each) => each.version),
      [3, undefined, 2, 1, 2, 1],
    )
  })

  it('throws what the server refuses with', async () => {
    await using server = await DeployServer.start()
    using client = clientOf(server)
    const broken = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    await assert.rejects(client.push('hello', broken), (error) => {
      assert(MortiseError.is(error, 'MODULE_REFUSED'))
      assert.notEqual(error.details.problems?.[0], undefined)
      return true
    })
    await assert.rejects(client.deploy('hello', '0'.repeat(64)), { code: 'ARTIFACT_ABSENT' })
    await assert.rejects(client.rollback('..'), { code: 'REQUEST_INVALID' })
    using stranger = new DeployClient({ url: server.url, token: 'wrong' })
    await assert.rejects(stranger.list(), { code: 'TOKEN_REFUSED' })
    const readOnly = await server.addToken({ name: 'reader', roles: ['read'] })
    using reader = new DeployClient({ url: server.url, token: readOnly })
    await assert.rejects(reader.push('hello', one), { code: 'ROLE_REFUSED' })
    for (let attempt = 0; attempt < 10; attempt++) await assert.rejects(stranger.list())
    await assert.rejects(stranger.list(), { code: 'ATTEMPTS_LIMIT' })
    assert.deepEqual(await client.list(), [])
  })

  it('hears why an upload is refused that is not over yet', async () => {
    await using server = await DeployServer.start({ maxCode: 200_000 })
    using client = clientOf(server)
    for (const size of [200_001, 8_000_000])
      await assert.rejects(client.push('hello', randomBytes(size)), { code: 'REQUEST_TOO_LARGE' })
  })

  it('takes options that it knows', () => {
    const token = 'secret'
    for (const url of ['ftp://host', 'nonsense', 'http://user:pass@host', 'unix:', ''])
      assert.throws(() => new DeployClient({ url, token }), { code: 'OPTION_INVALID', message: /'url'/ })
    assert.throws(
      () => new DeployClient({ url: 'http://host', token: 'a b' }),
      (error: Error) => {
        assert.match(error.message, /'token'/)
        assert.doesNotMatch(error.message, /a b/)
        return true
      },
    )
    assert.throws(() => new DeployClient({ url: 'https://host', token, cert: 'x' }), { code: 'OPTION_INVALID' })
    assert.throws(() => signArtifact('0'.repeat(64), 'no key'), { code: 'OPTION_INVALID' })
  })

  it('says why a server cannot be reached', async () => {
    const token = 'secret'
    using absent = new DeployClient({ url: `http://localhost:${await freePort()}`, token })
    await assert.rejects(absent.list(), { code: 'SERVER_UNREACHABLE', message: /nothing listens there/ })
    using socket = new DeployClient({ url: 'unix:/nowhere/deploy.sock', token })
    await assert.rejects(socket.list(), { code: 'SERVER_UNREACHABLE', message: /no such socket/ })
    await using silent = await listening(createServer(() => {}))
    using patient = new DeployClient({ url: silent.url, token, timeout: 50 })
    await assert.rejects(patient.rollback('hello'), { code: 'SERVER_UNREACHABLE', message: /may have happened/ })
    await assert.rejects(patient.list(), { code: 'SERVER_UNREACHABLE', message: /within 50 ms$/ })
    const stop = AbortSignal.abort(new Error('enough'))
    await assert.rejects(patient.list({ signal: stop }), { message: 'enough' })
  })

  it('takes nothing from what is no deploy API, and shows its token to no other', async () => {
    const seen: (string | undefined)[] = []
    await using other = await listening(
      createServer(({ headers: { authorization } }, response) => {
        seen.push(authorization)
        response.end('{}')
      }),
    )
    const answers: readonly (readonly [number, string, Record<string, string>])[] = [
      [200, '<html>', {}],
      [200, '{"plugins":[{"plugin":1}]}', {}],
      [200, '[]', {}],
      [302, '', { location: `${other.url}/v1/plugins` }],
      [404, 'not found', {}],
      [418, '{"error":"new","code":"OF_TOMORROW"}', {}],
      [200, ' '.repeat(2 ** 24 + 1), {}],
    ]
    let asked = 0
    await using strange = await listening(
      createServer((_, response) => {
        const [status, text, headers] = answers[asked++] ?? [500, '', {}]
        response.writeHead(status, headers).end(text)
      }),
    )
    using client = new DeployClient({ url: strange.url, token: 'secret' })
    for (const [status, text] of answers)
      await assert.rejects(client.list(), { code: 'SERVER_ANSWER' }, `${status} ${text.slice(0, 40)}`)
    assert.deepEqual(seen, [])
  })

  it('signs', async () => {
    await using files = await folder()
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const trusted = await files.file('key.pem', publicKey.export({ type: 'spki', format: 'pem' }))
    await using server = await DeployServer.start({}, { trustedKeys: [trusted] })
    using client = clientOf(server)
    await assert.rejects(client.push('hello', one), { code: 'SIGNATURE_REFUSED' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const signature = signArtifact(digestOf(one), pem)
    assert.equal((await client.push('hello', one, { signature })).version, 1)
  })
})

describe('a client follows', () => {
  const speaking = (): Promise<Uint8Array> =>
    buildText(`
      import { log } from 'tenon/action'
      export function main(event: string): string { log.info('said ' + event); return '{}' }`)

  it('the lines of a plugin, those that were there and those to come', async () => {
    await using server = await DeployServer.start()
    using client = clientOf(server)
    await client.push('hello', await speaking())
    await client.push('other', await speaking())
    await server.run('hello')
    await Promise.all(Array.from({ length: 150 }, () => server.run('other')))
    const before = []
    for await (const { text, source, level } of client.logs('hello')) before.push([text, source, level])
    assert.deepEqual(before, [['said {}', 'log', 'info']])
    const stop = new AbortController()
    const seen: string[] = []
    await assert.rejects(
      async () => {
        for await (const { text } of client.logs('hello', { follow: true, signal: stop.signal })) {
          seen.push(text)
          if (seen.length === 2) stop.abort(new Error('enough'))
          else await post(`${server.server.url}/run/hello`, '{"value":{"a":1}}')
        }
      },
      { message: 'enough' },
    )
    assert.deepEqual(seen, ['said {}', 'said {"a":1}'])
    await assert.rejects(client.logs('absent').next(), { code: 'VERSION_ABSENT' })
  })

  it(
    'what is changed, each once, over a server that is started again',
    { skip: process.platform === 'win32' },
    async () => {
      const path = await mkdtemp(join(tmpdir(), 'mortise-client-'))
      try {
        await using server = await DeployServer.start({}, { socket: join(path, 'deploy.sock') })
        using client = clientOf(server)
        const stop = new AbortController()
        const problems: string[] = []
        const seen: unknown[] = []
        await client.push('hello', one)
        const report = (problem: string): void => void problems.push(problem)
        const events = client.events({ follow: true, signal: stop.signal, report })
        const next = async (): Promise<void> => {
          const { value } = await events.next()
          seen.push([value?.event, value?.plugin, value?.data['version'] ?? value?.data['code']])
        }
        await next()
        await Promise.all([next(), client.rollback('hello').catch(() => {})])
        await Promise.all([
          next(),
          (async () => {
            await server.restart()
            await client.push('hello', two)
          })(),
        ])
        await Promise.all([next(), client.remove('hello')])
        assert.deepEqual(seen, [
          ['deploy', 'hello', 1],
          ['failed', 'hello', 'VERSION_ABSENT'],
          ['deploy', 'hello', 2],
          ['remove', 'hello', undefined],
        ])
        assert(problems.includes('Connected again'), problems.join('; '))
        const waiting = events.next()
        stop.abort(new Error('enough'))
        await assert.rejects(waiting, { message: 'enough' })
      } finally {
        await rm(path, { recursive: true })
      }
    },
  )
})

describe('a connection that breaks off', () => {
  it('is followed by another, which is told what was seen, where somebody follows', async () => {
    const asked: unknown[] = []
    await using server = await listening(
      createServer(({ headers: { 'last-event-id': last } }, response) => {
        asked.push(last)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const missed = last === 'a.2' ? 'event: missed\ndata: {}\n\n' : ''
        const line = JSON.stringify({ at: 1, text: `line ${asked.length}`, source: 'stdout' })
        response.write(`: hello\n\n${missed}id: a.${asked.length}\nevent: line\ndata: ${line}\n\nid: a.9\nevent: li`)
        setImmediate(() => response.destroy())
      }),
    )
    using client = new DeployClient({ url: server.url, token: 'secret' })
    const problems: string[] = []
    const seen: string[] = []
    for await (const { text } of client.logs('hello', { follow: true, report: (problem) => problems.push(problem) })) {
      seen.push(text)
      if (seen.length === 3) break
    }
    assert.deepEqual(seen, ['line 1', 'line 2', 'line 3'])
    assert.deepEqual(asked, [undefined, 'a.1', 'a.2'])
    assert(problems.some((problem) => problem.endsWith('trying again')) && problems.includes('Connected again'))
    assert.match(problems.join('; '), /Some events were missed/)
    await assert.rejects(
      async () => {
        for await (const { text } of client.logs('hello')) seen.push(text)
      },
      { code: 'SERVER_UNREACHABLE' },
    )
  })
})

/** Why there is no certificate to test with. */
const missing = await run('openssl', ['version']).then(
  () => false,
  () => 'openssl is not installed',
)

describe('a client over TLS', { skip: missing }, () => {
  it('trusts the CA that it is given, and no other', async () => {
    await using files = await folder()
    const [key, cert] = [`${files.path}/key.pem`, `${files.path}/cert.pem`]
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...names])
    await using server = await DeployServer.start({}, { tls: { key, cert, ca: cert } })
    const [ca, own] = [await readFile(cert, 'utf8'), await readFile(key, 'utf8')]
    const { url, token } = server
    using client = new DeployClient({ url, token, ca, cert: ca, key: own })
    assert.equal((await client.push('hello', one)).version, 1)
    using nobody = new DeployClient({ url, token })
    await assert.rejects(nobody.list(), { code: 'SERVER_UNREACHABLE', message: /nobody who is trusted/ })
    using unknown = new DeployClient({ url, token, ca })
    await assert.rejects(unknown.list(), { code: 'SERVER_UNREACHABLE' })
    using plain = new DeployClient({ url: url.replace('https', 'http'), token })
    await assert.rejects(plain.list(), { code: 'SERVER_UNREACHABLE' })
  })
})

async function listening(server: Server): Promise<AsyncDisposable & { readonly url: string }> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const port = portOf(server.address())
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0
