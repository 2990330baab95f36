import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ClusterApi } from '../../kubernetes/cluster-api.ts'
import { evenOnly } from '../../scheduling/guests.ts'
import { noCertificates } from '../../support/certificates.ts'
import { field, byName, podNamed, TestExtender, type TestPlugin } from './extender.ts'
import { largeNodes, looksAtBindings } from './guests.ts'

const skip = { skip: noCertificates }
const web = podNamed('web')
const long = {
  status: { nodeInfo: { osImage: 'a long name of an operating system, so that the node has bytes enough' } },
}

interface Clustered extends AsyncDisposable {
  readonly api: ClusterApi
  readonly extender: TestExtender
}

/** An extender that follows a recorded cluster, as a kubeconfig says it. */
async function follow(
  plugins: Readonly<Record<string, TestPlugin | Uint8Array>>,
  names: readonly string[],
): Promise<Clustered> {
  const api = await ClusterApi.start()
  for (const name of names) api.put('Node', name)
  const { certFile } = api.authority.own
  const kubeconfig = join(certFile, '../kubeconfig')
  await writeFile(
    kubeconfig,
    `
apiVersion: v1
kind: Config
current-context: test
contexts: [{ name: test, context: { cluster: test, user: test } }]
clusters: [{ name: test, cluster: { server: '${api.url}', certificate-authority: ca.crt } }]
users: [{ name: test, user: { token: '${api.token}' } }]
`,
  )
  const extender = await TestExtender.start(plugins, { cluster: { kubeconfig } })
  return {
    api,
    extender,
    async [Symbol.asyncDispose]() {
      await extender[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
    },
  }
}

async function ready(extender: TestExtender): Promise<void> {
  while ((await extender.get('/readyz')).status !== 200);
}

test('nodes that are only named are those of the cluster, as they are at the moment', skip, async () => {
  await using clustered = await follow({ large: largeNodes }, ['node-1', 'node-2'])
  const { api, extender } = clustered
  await ready(extender)
  const { json } = await extender.post('filter', byName(web, ['node-1', 'node-2', 'node-3']))
  assert.deepEqual(json, {
    Nodes: null,
    NodeNames: [],
    FailedNodes: { 'node-3': 'the extender has not heard of this node yet' },
    FailedAndUnresolvableNodes: { 'node-1': 'the node is small', 'node-2': 'the node is small' },
    Error: '',
  })
  api.put('Node', 'node-2', long)
  api.put('Node', 'node-3', long)
  const filter = (): Promise<unknown> => extender.filter(web, ['node-1', 'node-2', 'node-3'])
  let left = await filter()
  while (Array.isArray(left) && left.length < 2) left = await filter()
  assert.deepEqual(left, ['node-2', 'node-3'])
  const { json: scores } = await extender.post('prioritize', byName(web, ['node-2', 'node-3']))
  assert.deepEqual(scores, [
    { Host: 'node-2', Score: 0 },
    { Host: 'node-3', Score: 0 },
  ])
})

test(
  'a pod that is nominated to a node may go elsewhere, where kube-scheduler asks about other nodes too',
  skip,
  async () => {
    await using clustered = await follow({ even: evenOnly }, ['node-2', 'node-4'])
    await ready(clustered.extender)
    const nominated = { ...web, status: { nominatedNodeName: 'node-4' } }
    assert.deepEqual(await clustered.extender.filter(nominated, ['node-2', 'node-4']), ['node-2', 'node-4'])
  },
)

test('the API server binds a pod that no plugin binds, and what it says goes to kube-scheduler', skip, async () => {
  await using clustered = await follow({ looks: looksAtBindings, even: evenOnly }, ['node-2'])
  const { api, extender } = clustered
  await ready(extender)
  const bind = { PodName: 'web', PodNamespace: 'default', PodUID: 'uid-of-web', Node: 'node-2' }
  await extender.post('filter', byName(web, ['node-2']))
  assert.deepEqual((await extender.post('bind', bind)).json, { Error: '' })
  assert.deepEqual(api.bound, [['default/web', 'node-2']])
  await extender.post('filter', byName(web, ['node-2']))
  api.refusals.push(409)
  assert.match(
    (await extender.post('bind', bind)).text,
    /pods\/web\/binding of the API server: status 409, refused with 409/,
  )
})

test('until the nodes are known nothing is ready, and requests say why', skip, async () => {
  await using extender = await TestExtender.start({ even: evenOnly })
  const { json } = await extender.post('filter', byName(web, ['node-1']))
  assert.match(String(field(json, 'Error')), /no cluster is followed. .*nodeCacheCapable: false/)
  await using api = await ClusterApi.start()
  const kubeconfig = join(api.authority.own.certFile, '../kubeconfig')
  await writeFile(
    kubeconfig,
    `{current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}], users: [{name: a, user: {}}], clusters: [{name: a, cluster: {server: '${api.url}'}}]}`,
  )
  await using blind = await TestExtender.start({ even: evenOnly }, { cluster: { kubeconfig } })
  assert.deepEqual(await blind.get('/readyz'), { status: 503, text: '{"ok":false}\n', json: { ok: false } })
  assert.match((await blind.post('filter', byName(web, ['node-1']))).text, /the API server has not listed them yet/)
})
