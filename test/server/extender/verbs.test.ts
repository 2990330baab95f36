import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evenOnly, lastDigit } from '../../scheduling/guests.ts'
import { field, inFull, nodeNamed, podNamed, TestExtender } from './extender.ts'
import { bindsAfterFilter, largeNodes, looksAtBindings, nominates, same, slow, spins, trapsAtThree } from './guests.ts'

const web = podNamed('web')
const nodes = ['node-1', 'node-2', 'node-4'].map((name) => nodeNamed(name))
const success = { Error: '' }

test('filter answers with the nodes as they were sent, and says why the others are none', async () => {
  await using extender = await TestExtender.start({ even: evenOnly })
  const { status, json, text } = await extender.post('filter', inFull(web, nodes))
  assert.equal(status, 200)
  assert.deepEqual(json, {
    Nodes: { metadata: {}, items: nodes.slice(1) },
    NodeNames: null,
    FailedNodes: { 'node-1': 'its number is odd' },
    FailedAndUnresolvableNodes: {},
    Error: '',
  })
  assert(text.includes(JSON.stringify(nodes.slice(1))), 'byte for byte')
})

test('nodes are read anew when they changed, whatever was sent before', async () => {
  await using extender = await TestExtender.start({ large: largeNodes })
  const small = { metadata: { name: 'node-1', uid: '1' } }
  const ask = async (...sent: readonly object[]): Promise<unknown> => {
    const { json } = await extender.post('filter', inFull(web, sent))
    return field(json, 'FailedAndUnresolvableNodes')
  }
  const refused = { 'node-1': 'the node is small' }
  assert.deepEqual(await ask(small, nodeNamed('node-2')), refused)
  assert.deepEqual(await ask(nodeNamed('node-2'), small), refused)
  assert.deepEqual(await ask(nodeNamed('node-1'), nodeNamed('node-2')), {})
  assert.deepEqual(await ask(small), refused)
  assert.deepEqual(await ask({ ...small, metadata: { name: 'node-11', uid: '1' } }), { 'node-11': 'the node is small' })
})

test('prioritize has the mean of the plugins by their weights, from 0 to 10', async () => {
  await using extender = await TestExtender.start({ last: { wasm: lastDigit, weight: 3 }, fifty: same(50) })
  await extender.post('filter', inFull(web, nodes))
  const { json } = await extender.post('prioritize', inFull(web, nodes))
  // (3 · 10 + 50) / 4 = 20, (3 · 20 + 50) / 4 = 27.5, (3 · 40 + 50) / 4 = 42.5
  assert.deepEqual(json, [
    { Host: 'node-1', Score: 2 },
    { Host: 'node-2', Score: 3 },
    { Host: 'node-4', Score: 4 },
  ])
  await using none = await TestExtender.start({ even: evenOnly })
  const { json: zero } = await none.post('prioritize', inFull(web, nodes.slice(0, 1)))
  assert.deepEqual(zero, [{ Host: 'node-1', Score: 0 }])
})

test('a pod has one instance from filter to bind, whatever other pods do meanwhile', async () => {
  await using extender = await TestExtender.start({ binds: bindsAfterFilter })
  const bind = (name: string): Promise<{ readonly json: unknown }> =>
    extender.post('bind', { PodName: name, PodNamespace: 'default', PodUID: `uid-of-${name}`, Node: 'node-1' })
  await extender.post('filter', inFull(web, nodes))
  await extender.post('filter', inFull(podNamed('api'), nodes.slice(1)))
  assert.deepEqual((await bind('web')).json, success)
  assert.deepEqual((await bind('api')).json, { Error: 'this instance has seen no filter' })
  // Its attempt has ended.
  assert.match(String(field((await bind('web')).json, 'Error')), /^Cannot bind the pod 'default\/web': its attempt/)
})

test('an attempt ends when its time is over, and the oldest when there are too many', async () => {
  await using short = await TestExtender.start({ binds: bindsAfterFilter }, { lease: 1 })
  await short.post('filter', inFull(web, nodes))
  const bind = { PodName: 'web', PodNamespace: 'default', PodUID: 'uid-of-web', Node: 'node-1' }
  const expired = async (): Promise<boolean> => (await short.get('/metrics')).text.includes('attempts_expired 1')
  while (!(await expired()));
  assert.match((await short.post('bind', bind)).text, /its attempt is not under way/)

  await using few = await TestExtender.start({ binds: bindsAfterFilter }, { attempts: 2 })
  for (const name of ['web', 'api', 'job']) await few.post('filter', inFull(podNamed(name), nodes))
  assert.match((await few.post('bind', bind)).text, /its attempt is not under way/)
  assert.deepEqual((await few.post('bind', { ...bind, PodUID: 'uid-of-job' })).json, success)
})

test('an attempt is over as soon as its plugins have nothing to do with what follows', async () => {
  await using extender = await TestExtender.start({ even: evenOnly, last: lastDigit })
  const open = async (): Promise<string | undefined> =>
    /^mortise_extender_attempts (\d+)$/m.exec((await extender.get('/metrics')).text)?.[1]
  await extender.post('filter', inFull(web, nodes.slice(0, 1)))
  assert.equal(await open(), '0', 'no node is left, and no plugin has a postFilter')
  await extender.post('filter', inFull(web, nodes))
  assert.equal(await open(), '1')
  await extender.post('prioritize', inFull(web, nodes))
  assert.equal(await open(), '0', 'no plugin has to do with bindings')
})

test('a pod that no plugin binds is for whoever asks the API server, and there is none', async () => {
  await using extender = await TestExtender.start({ looks: looksAtBindings })
  await extender.post('filter', inFull(web, [nodeNamed('node-1'), nodeNamed('node-9')]))
  const bind = { podname: 'web', PODNAMESPACE: 'default', podUID: 'uid-of-web', node: 'node-9' }
  assert.deepEqual((await extender.post('bind', bind)).json, { Error: 'not on this one' })
  await extender.post('filter', inFull(web, [nodeNamed('node-1')]))
  assert.match(
    (await extender.post('bind', { ...bind, node: 'node-1' })).text,
    /no plugin binds pods, and there is no API/,
  )
})

test('preempt chooses among the nodes on which it would help, or leaves them', async () => {
  const pods = [{ metadata: { name: 'old', uid: 'uid-of-old' } }]
  const inFullVictims = { 'node-1': { Pods: pods, NumPDBViolations: 1 }, 'node-2': { Pods: pods, NumPDBViolations: 0 } }
  const meta = {
    'node-1': { Pods: [{ UID: 'uid-of-old' }], NumPDBViolations: 1 },
    'node-2': { Pods: [{ UID: 'uid-of-old' }], NumPDBViolations: 0 },
  }
  const cases = [
    ['node-2', { 'node-2': meta['node-2'] }],
    ['node-7', meta],
    ['', {}],
  ] as const
  for (const [node, expected] of cases) {
    await using extender = await TestExtender.start({ nominates: nominates(node) })
    await extender.post('filter', inFull(web, nodes))
    const { json } = await extender.post('preempt', { Pod: web, NodeNameToVictims: inFullVictims })
    assert.deepEqual(json, { NodeNameToMetaVictims: expected })
    // Where kube-scheduler's own filters left no node, an extender was not asked for one.
    const again = await extender.post('preempt', { Pod: web, NodeNameToVictims: null, NodeNameToMetaVictims: meta })
    assert.deepEqual(again.json, { NodeNameToMetaVictims: expected })
  }
  await using silent = await TestExtender.start({ even: evenOnly })
  const { json } = await silent.post('preempt', { Pod: web, NodeNameToVictims: inFullVictims })
  assert.deepEqual(json, { NodeNameToMetaVictims: meta })
})

test('a plugin that fails ends the attempt, and nothing else', async () => {
  await using extender = await TestExtender.start({ traps: trapsAtThree })
  const three = [nodeNamed('node-3')]
  const { status, json } = await extender.post('filter', inFull(web, three))
  assert.equal(status, 200)
  assert.match(
    String(field(json, 'Error')),
    /^Cannot schedule the pod 'default\/web': the plugin 'traps' failed in filter of the node 'node-3': .*unreachable/,
  )
  const { json: well } = await extender.post('filter', inFull(web, nodes))
  assert.equal(field(well, 'Error'), '')
})

test('a plugin that does not come back, and plugins that take too long together, end with an error', async () => {
  await using endless = await TestExtender.start({ spins: { wasm: spins, limits: { deadline: 20 } } })
  assert.match((await endless.post('filter', inFull(web, nodes))).text, /failed in preFilter: .*20 ms/)
  await using long = await TestExtender.start({ slow: { wasm: slow, limits: { deadline: 10_000 } } }, { timeout: 1 })
  const many = Array.from({ length: 500 }, (_, index) => nodeNamed(`node-${index}`))
  const { json } = await long.post('filter', inFull(web, many))
  assert.deepEqual(json, { Error: 'Cannot answer in time: the plugins took more than 1 ms for one request' })
})
