import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { evenOnly } from '../../scheduling/guests.ts'
import { Authority, noCertificates } from '../../support/certificates.ts'
import { field, inFull, nodeNamed, podNamed, TestExtender } from './extender.ts'

const web = podNamed('web')
const good = inFull(web, [nodeNamed('node-2')])
const text = JSON.stringify(good)

test('what cannot be read is answered in the form of the results, with the place where it is wrong', async () => {
  await using extender = await TestExtender.start({ even: evenOnly })
  const refused: readonly [string, RegExp][] = [
    ['', /at byte 0 nothing follows in place of an object/],
    ['[]', /at byte 0 there is '\[' in place of an object/],
    ['{"Pod":1', /nothing follows in place of ',' or '}'/],
    ['{"Pod":{]}', /of the value at byte 7/],
    ['{"Pod":{"a":"b}', /the end of a value/],
    ['{"Pod" 1}', /in place of ':'/],
    ['{Pod:1}', /in place of a text/],
    ['{"Pod":?}', /in place of a value/],
    ['{"Pod":nul}', /of the value at byte 7/],
    ['{}', /it has no 'Pod' with a name/],
    [`{"Pod":${JSON.stringify(web)}}`, /neither 'Nodes' nor a list of texts as 'NodeNames'/],
    ['{"Pod":{"metadata":{"name":"web"}},"NodeNames":[]}', /the pod 'web' has no uid/],
    [JSON.stringify({ Pod: web, NodeNames: [1] }), /neither 'Nodes' nor/],
    [JSON.stringify({ Pod: web, Nodes: [] }), /in place of an object/],
    [JSON.stringify({ Pod: web, Nodes: { items: {} } }), /in place of a list/],
    [JSON.stringify({ Pod: web, Nodes: { items: [{}] } }), /is no node with a name/],
    [JSON.stringify({ Pod: web, Nodes: { items: ['x'] } }), /is no node with a name/],
    [`${text}x`, /there is 'x' in place of the end/],
    [text.slice(0, text.indexOf('"spec":{"podCIDR"')), /nothing follows in place of the end of a value/],
    [text.slice(0, text.indexOf(']},"NodeNames"')), /nothing follows in place of ',' or '\]'/],
  ]
  for (const [body, sentence] of refused) {
    const { status, json } = await extender.post('filter', body)
    assert.equal(status, 200, body)
    assert.match(String(field(json, 'Error')), sentence, body)
    const scored = await extender.post('prioritize', body)
    assert.equal(scored.status, 400)
    assert.match(scored.text, sentence)
  }
  for (const body of ['', '{}', '{"PodName":"web","PodNamespace":"a","PodUID":1,"Node":"b"}', '"x"', '[1]']) {
    const { status, json } = await extender.post('bind', body)
    assert.equal(status, 200)
    assert.match(String(field(json, 'Error')), /^Cannot read a request/)
  }
  for (const victims of [null, { a: 1 }, { a: { Pods: {} } }, { a: { Pods: [{}] } }, { a: { Pods: [null] } }]) {
    const { status, text: said } = await extender.post('preempt', { Pod: web, NodeNameToMetaVictims: victims })
    assert.equal(status, 400)
    assert.match(said, /^{"Error":"Cannot read a request/)
  }
  const { json: well } = await extender.post('filter', good)
  assert.equal(field(well, 'Error'), '')
})

test('names are taken in any case and order, with any space between, as Go takes them', async () => {
  await using extender = await TestExtender.start({ even: evenOnly })
  const node = { kind: 'Node', apiVersion: 'v1', ...nodeNamed('node-"2') }
  const body = JSON.stringify({ nodenames: null, other: [{ '}': '"\\' }], nodes: { ITEMS: [node] }, pod: web }, null, 2)
  const { json } = await extender.post('filter', ` ${body}\n\t`)
  assert.deepEqual(field(json, 'Nodes'), { metadata: {}, items: [node] })
  const none = await extender.post('filter', { Pod: web, Nodes: { metadata: {}, items: null } })
  assert.deepEqual(field(none.json, 'Nodes'), { metadata: {}, items: [] })
})

test('only what there is can be asked for, by its method, and not too much of it', async () => {
  await using extender = await TestExtender.start({ even: evenOnly }, { maxBody: 1000 })
  assert.equal((await extender.post('other', {})).status, 404)
  assert.equal((await extender.get('/filter')).status, 405)
  assert.deepEqual((await extender.get('/healthz')).json, { ok: true })
  assert.deepEqual((await extender.get('/readyz')).json, { ok: true })
  const { json } = await extender.post('filter', `{"Pod":"${'x'.repeat(1000)}"}`)
  assert.deepEqual(json, { Error: 'Cannot take the body of a request: it has more than 1000 bytes' })
  const metrics = (await extender.get('/metrics')).text
  assert.match(metrics, /^mortise_extender_requests_total\{verb="filter"\} 2$/m)
  assert.match(metrics, /^mortise_extender_errors_total\{verb="filter",code="REQUEST_TOO_LARGE"\} 1$/m)
  assert.match(metrics, /^mortise_extender_attempts 0$/m)
})

test('large requests that come at once, one after another, or break off, are told from each other', async () => {
  await using extender = await TestExtender.start({ even: evenOnly }, { maxBody: '3 MiB' })
  const pad = 'x'.repeat(2 ** 21)
  const names = Array.from({ length: 8 }, (_, index) => `node-${index}`)
  const ask = async (name: string): Promise<unknown> => {
    const node = nodeNamed(name, { pad: `${pad}${name}` })
    const { status, json } = await extender.post('filter', inFull(podNamed(name), [node]))
    const items = field(field(json, 'Nodes'), 'items')
    if (status === 503) return 'too much'
    return Number(name.at(-1)) % 2 === 1 ? items : JSON.stringify(items) === JSON.stringify([node])
  }
  for (const name of names) assert.deepEqual(await ask(name), Number(name.at(-1)) % 2 === 1 ? [] : true)
  const all = await Promise.all(names.map(ask))
  assert(all.every((answer) => answer === 'too much' || answer === true || Array.isArray(answer)))
  const { port } = new URL(extender.extender.url)
  for (let count = 0; count < 8; count++) {
    const socket = connectPlain(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST /filter HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${2 ** 21}\r\n\r\n${pad.slice(1)}`)
    socket.end()
    await once(socket.resume(), 'close')
  }
  // Nothing of those is counted any more: four of three MiB would be too much.
  assert.deepEqual(await ask('node-0'), true)
})

test('web pages are refused, and so is who has no token, which a URL may have as its password', async () => {
  const token = 'a-token-of-sixteen-and-more'
  await using extender = await TestExtender.start({ even: evenOnly }, { token })
  const basic = (password: string): string => `Basic ${Buffer.from(`mortise:${password}`).toString('base64')}`
  const statusOf = async (headers: Record<string, string>): Promise<number> =>
    (await extender.post('filter', good, headers)).status
  assert.equal(await statusOf({ authorization: `Bearer ${token}` }), 200)
  assert.equal(await statusOf({ authorization: basic(token) }), 200)
  assert.equal(await statusOf({ authorization: basic(`${token}x`) }), 401)
  assert.equal(await statusOf({}), 401)
  assert.equal(await statusOf({ authorization: `Bearer ${token}`, origin: 'https://example.org' }), 403)
  assert.equal((await extender.get('/metrics')).status, 401)
  assert.equal((await extender.get('/healthz')).status, 200)
})

test('elsewhere than on the loopback address clients have to be known', async () => {
  const refused = { code: 'OPTION_INVALID', message: /'host'.*a loopback address without 'token', or 'tls' with 'ca'/ }
  await assert.rejects(TestExtender.start({ even: evenOnly }, { host: '0.0.0.0' }), refused)
})

test('a kube-scheduler with a certificate is let in, and nobody else', { skip: noCertificates }, async () => {
  await using authority = await Authority.make()
  await using others = await Authority.make()
  const own = await authority.sign('extender.kube-system.svc')
  const scheduler = await authority.sign('kube-scheduler')
  const stranger = await others.sign('kube-scheduler')
  const tls = { cert: own.certFile, key: own.keyFile, ca: authority.own.certFile }
  await using extender = await TestExtender.start({ even: evenOnly }, { tls, healthPort: 0 })
  const { healthUrl } = extender.extender
  assert.deepEqual(await (await fetch(`${healthUrl}/readyz`)).json(), { ok: true })
  assert.equal((await fetch(`${healthUrl}/filter`, { method: 'POST', body: text })).status, 404)
  const ca = await readFile(authority.own.certFile)
  const ask = (client: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { host: 'extender.kube-system.svc:8888' }
      const options = { method: 'POST', ca, servername: 'extender.kube-system.svc', headers, agent: false, ...client }
      const sent = request(`${extender.extender.url}/filter`, options, (response) => {
        let said = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
        response.once('end', () => resolve(said))
      })
      sent.once('error', reject).end(text)
    })
  assert.match(await ask({ cert: scheduler.cert, key: scheduler.key }), /"FailedNodes":{}/)
  await assert.rejects(ask({}))
  await assert.rejects(ask({ cert: stranger.cert, key: stranger.key }))
})

test(
  'a certificate that is put in the place of another one is taken, and what is none is not',
  { skip: noCertificates },
  async () => {
    await using authority = await Authority.make()
    const [first, second] = [await authority.sign('first'), await authority.sign('second')]
    const tls = { cert: first.certFile, key: first.keyFile }
    await using extender = await TestExtender.start({ even: evenOnly }, { tls, watch: true })
    const { port } = new URL(extender.extender.url)
    const shown = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: Number(port), ca: authority.own.cert })
        socket.once('error', reject).once('secureConnect', () => {
          resolve(String(socket.getPeerCertificate().subject.CN))
          socket.destroy()
        })
      })
    assert.equal(await shown(), 'first')
    await writeFile(first.certFile, 'none')
    await writeFile(first.keyFile, second.key)
    assert.equal(await shown(), 'first')
    await writeFile(first.certFile, second.cert)
    while ((await shown()) === 'first');
    assert.equal(await shown(), 'second')
  },
)
