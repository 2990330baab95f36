import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { MortiseError } from 'mortise'
import { ApiClient } from '../../src/kubernetes/api-client.ts'
import { ListWatch, type ListWatchOptions } from '../../src/kubernetes/list-watch.ts'
import { noCertificates } from '../support/certificates.ts'
import { ClusterApi } from './cluster-api.ts'

const skip = { skip: noCertificates }

interface Followed extends AsyncDisposable {
  readonly api: ClusterApi
  readonly nodes: ListWatch
  readonly errors: MortiseError[]
}

async function follow(count: number, options: Partial<ListWatchOptions> = {}): Promise<Followed> {
  const api = await ClusterApi.start()
  for (let index = 0; index < count; index++) api.put('Node', `node-${index}`)
  const client = new ApiClient({
    url: new URL(api.url),
    ca: api.authority.own.cert,
    token: () => Promise.resolve(api.token),
  })
  const errors: MortiseError[] = []
  const failed = (error: MortiseError): void => void errors.push(error)
  const nodes = new ListWatch(client, { path: '/api/v1/nodes', waits: { first: 1, most: 4 }, failed, ...options })
  return {
    api,
    nodes,
    errors,
    async [Symbol.asyncDispose]() {
      await nodes[Symbol.asyncDispose]()
      client[Symbol.dispose]()
      await api[Symbol.asyncDispose]()
    },
  }
}

/** Waits until something holds that no event tells of. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert(tries < 5000, `it never holds: ${String(holds)}`)
    await wait(5)
  }
}

const labelOf = (nodes: ListWatch, name: string): unknown => Reflect.get(nodes.objects.get(name) ?? {}, 'spec')

test('nodes are listed in pages and followed from there', skip, async () => {
  await using followed = await follow(1201)
  const { api, nodes } = followed
  await nodes.synced
  assert.equal(nodes.objects.size, 1201)
  assert.equal(nodes.ready, true)
  const first = nodes.objects.get('node-0')
  await api.asked(/watch=1/)
  assert.deepEqual(
    api.requests.map((request) => /limit=500(?:&continue=\d+)?|watch=1/.exec(request)?.[0]),
    ['limit=500', 'limit=500&continue=500', 'limit=500&continue=1000', 'watch=1'],
  )
  const before = nodes.changes
  api.put('Node', 'node-1', { spec: 'changed' })
  api.put('Node', 'new', {})
  api.remove('Node', 'node-2')
  await until(() => nodes.changes === before + 3)
  assert.equal(labelOf(nodes, 'node-1'), 'changed')
  assert.deepEqual([nodes.objects.has('new'), nodes.objects.has('node-2')], [true, false])
  assert.equal(nodes.objects.get('node-0'), first)
  assert.deepEqual(followed.errors, [])
})

test('what is kept of an object is settled when it comes', skip, async () => {
  const keep: ListWatchOptions['keep'] = ({ metadata: { name } }) => ({ metadata: { name } })
  await using followed = await follow(1, { keep })
  await followed.nodes.synced
  assert.deepEqual([...followed.nodes.objects.values()], [{ metadata: { name: 'node-0' } }])
})

test('pods are known by their namespace too', skip, async () => {
  await using followed = await follow(0, { path: '/api/v1/pods' })
  const { api, nodes: pods } = followed
  await pods.synced
  api.put('Pod', 'web')
  await until(() => pods.objects.has('default/web'))
})

test('a connection that is cut is taken up from the last version, bookmarks included', skip, async () => {
  await using followed = await follow(2)
  const { api, nodes } = followed
  await nodes.synced
  await until(() => api.watchers === 1)
  const known = nodes.objects.get('node-1')
  api.put('Node', 'node-0', { spec: 'seen' })
  api.bookmark()
  const bookmarked = Number(api.put('Node', 'node-0', { spec: 'again' }).metadata.resourceVersion)
  api.bookmark()
  await until(() => labelOf(nodes, 'node-0') === 'again')
  api.cut()
  api.put('Node', 'node-3')
  await until(() => nodes.objects.has('node-3'))
  assert.equal(nodes.objects.get('node-1'), known, 'nothing was listed anew')
  assert.equal(api.requests.filter((request) => request.includes('limit=')).length, 1)
  const versions = api.requests.flatMap((request) => /resourceVersion=(\d+)/.exec(request)?.[1] ?? [])
  assert(Number(versions.at(-1)) >= bookmarked)
})

for (const [how, expire] of [
  ['in the middle of a watch', (api: ClusterApi) => api.expire()],
  [
    'when a watch begins',
    (api: ClusterApi) => {
      api.forget()
      api.cut()
    },
  ],
] as const) {
  test(`a version that the server forgot has everything listed anew: ${how}`, skip, async () => {
    await using followed = await follow(3)
    const { api, nodes } = followed
    await nodes.synced
    await until(() => api.watchers === 1)
    const same = nodes.objects.get('node-0')
    api.remove('Node', 'node-1')
    expire(api)
    api.put('Node', 'node-9')
    await api.asked(/limit=/, 2)
    await until(() => nodes.objects.has('node-9'))
    assert.deepEqual([...nodes.objects.keys()].toSorted(), ['node-0', 'node-2', 'node-9'])
    assert.equal(nodes.objects.get('node-0'), same, 'what did not change is the same object')
    await until(() => api.watchers === 1)
  })
}

test('a server that refuses is asked again, and what went wrong is told', skip, async () => {
  await using api = await ClusterApi.start()
  api.refusals.push(500, 403, 429)
  api.put('Node', 'node-0')
  const errors: MortiseError[] = []
  const { cert, key } = await api.authority.sign('client')
  using client = new ApiClient({ url: new URL(api.url), ca: api.authority.own.cert, client: { cert, key } })
  await using nodes = new ListWatch(client, {
    path: '/api/v1/nodes',
    waits: { first: 1, most: 4 },
    failed: (error) => void errors.push(error),
  })
  await nodes.synced
  assert.equal(nodes.objects.size, 1)
  assert.deepEqual(
    errors.map(({ code, details: { status } }) => [code, status]),
    [500, 403, 429].map((status) => ['API_SERVER_FAILED', status]),
  )
  assert.match(String(errors[1]?.message), /^Cannot GET \/api\/v1\/nodes\?limit=500 .*: status 403, refused with 403$/)
})

test('a server whose certificate nobody known has signed is told nothing', skip, async () => {
  await using api = await ClusterApi.start()
  using client = new ApiClient({ url: new URL(api.url), token: () => Promise.resolve('secret') })
  await assert.rejects(client.ask({ path: '/api/v1/nodes' }), { code: 'API_SERVER_FAILED', message: /certificate/ })
  assert.deepEqual(api.requests, [])
})

test('what is no event, and more than there may be, ends a watch but not the following', skip, async () => {
  await using followed = await follow(1, { most: 3 })
  const { api, nodes, errors } = followed
  await nodes.synced
  const rubbish = ['{]\n', '{"type":"ADDED","object":{}}\n', '{"type":"OTHER","object":{}}\n', '\n \n']
  for (const [index, text] of rubbish.slice(0, 3).entries()) {
    await api.asked(/watch=1/, index + 1)
    api.say(text)
    await until(() => errors.length === index + 1)
  }
  await api.asked(/watch=1/, 4)
  api.say(`${rubbish[3]}{"type":"ADDED","object":{"metadata":{"name":"split`)
  api.say('-event","resourceVersion":"5000"}}}\n')
  await until(() => nodes.objects.has('split-event'))
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['API_SERVER_FAILED', 'API_SERVER_FAILED', 'API_SERVER_FAILED'],
  )
  for (let index = 0; index < 4; index++) api.put('Node', `more-${index}`)
  await until(() => errors.length > 3)
  assert.match(String(errors[3]?.message), /there are more than 3 objects/)
})

test('a watch in which nothing comes for too long is begun anew', async () => {
  const { PassThrough } = await import('node:stream')
  const { watchEvents } = await import('../../src/kubernetes/watch-events.ts')
  const stream = new PassThrough()
  await assert.rejects(async () => {
    for await (const event of watchEvents(stream, 20)) assert.fail(JSON.stringify(event))
  }, /nothing came for 0.02 s/)
  assert(stream.destroyed)
})
