import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import {
  type KubernetesObject,
  NodeSnapshot,
  scheduler,
  type SchedulerEvent,
  type SchedulerOptions,
} from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'
import { clusterNodes, replicas } from '../../examples/scheduler/cluster.ts'
import { place } from '../../examples/scheduler/placement.ts'
import { ReferenceScheduler } from '../support/reference-scheduler.ts'

const names = ['node-number', 'image-locality', 'zone-spread'] as const
type Name = (typeof names)[number]
const built = new Map<Name, Promise<Uint8Array>>()

function guest(name: Name): Promise<Uint8Array> {
  const known =
    built.get(name) ?? build(`examples/scheduler/${name}/guest`, { optimize: 'size' }).then((one) => one.wasm)
  built.set(name, known)
  return known
}

const named = (name: string, more: object = {}): KubernetesObject => ({ metadata: { name, ...more } })

describe('examples of plugins of a scheduler', () => {
  let host = new Mortise({ runtimes: [wasm({ deadline: '10 s' })] })
  const lines: string[] = []
  before(() => {
    host = new Mortise({ runtimes: [wasm({ deadline: '10 s' })], log: ({ text }) => void lines.push(text) })
  })
  after(() => host.close())
  let count = 0
  const plug = async (name: Name, options: SchedulerOptions = {}) =>
    host.plug(`${name}-${++count}`, await guest(name), scheduler(options))

  for (const name of names) {
    it(`${name} has at most 15 KB, and loads where kube-scheduler-wasm-extension does`, async () => {
      const bytes = await guest(name)
      assert.ok(bytes.length <= 15_000, `${bytes.length} bytes`)
      new ReferenceScheduler(bytes)
    })
  }

  // What the reference's own guest does, by the last characters of pod and node.
  for (const [pod, scores, reason, action] of [
    ['pod1', { node1: 10, node7: 0, nodea: 0 }, 'match lastNumber', 'Continue'],
    ['poda', { node1: 10, node7: 10, nodea: 10 }, 'not match lastNumber', 'Skip'],
  ] as const) {
    it(`node-number scores the nodes for ${pod}, and the other way round`, async () => {
      for (const reverse of [false, true]) {
        const recorded: SchedulerEvent[] = []
        const plugin = await plug('node-number', {
          handle: { event: (event) => void recorded.push(event) },
          ...(reverse && { config: '{"reverse":true}' }),
        })
        const nodes = new NodeSnapshot(Object.keys(scores).map((name) => named(name)))
        await using attempt = await plugin.lease({ pod: named(pod, { namespace: 'shop' }), nodes })
        attempt.hooks.preFilter()
        assert.equal(attempt.hooks.score('node7').score, reverse ? 0 : 10)
        assert.equal(attempt.hooks.preScore(nodes.names).code, 0)
        for (const [node, score] of Object.entries(scores))
          assert.deepEqual(attempt.hooks.score(node).score, reverse ? 10 - score : score)
        assert.deepEqual(
          recorded.map((event) => [event.regarding.name, event.reason, event.action]),
          [[pod, reason, action]],
        )
        assert.deepEqual(plugin.values.events, [{ resource: 'Node', actionType: 1, actions: ['Add'] }])
      }
    })
  }

  it('node-number says what it does, unless the operator wants to hear of errors alone', async () => {
    for (const [severity, expected] of [
      ['info', ['NodeNumberArgs is successfully applied', '"execute PreScore on NodeNumber plugin" pod="shop/pod1"']],
      ['error', []],
    ] as const) {
      lines.length = 0
      const plugin = await plug('node-number', { severity, config: '{}' })
      const nodes = new NodeSnapshot([named('node1')])
      await using attempt = await plugin.lease({ pod: named('pod1', { namespace: 'shop' }), nodes })
      attempt.hooks.preFilter()
      attempt.hooks.preScore(['node1'])
      assert.deepEqual(
        lines.map((line) => line.trimEnd()),
        expected,
      )
    }
  })

  it('image-locality scores nodes by the images that they have, each time', async () => {
    const image = (name: string): object => ({
      names: [1, 2, 3].map((tag) => `${name}:v${tag}`),
      sizeBytes: 100_000_000,
    })
    const node = (name: string, ...images: readonly object[]): KubernetesObject => ({
      ...named(name),
      status: { images },
    })
    const [none, one, two] = [
      node('none', image('unrelated')),
      node('one', image('test-image')),
      node('two', image('test-image')),
    ]
    const pod = (...images: readonly string[]): KubernetesObject => ({
      ...named('pod'),
      spec: { containers: images.map((name) => ({ name: 'c', image: name })) },
    })
    const plugin = await plug('image-locality')
    const scores = async (of: KubernetesObject, ...nodes: readonly KubernetesObject[]): Promise<readonly number[]> => {
      const snapshot = new NodeSnapshot(nodes)
      await using attempt = await plugin.lease({ pod: of, nodes: snapshot })
      attempt.hooks.preFilter()
      return [...snapshot.names, ...snapshot.names].map((name) => attempt.hooks.score(name).score)
    }
    assert.deepEqual(await scores(pod('test-image:v1'), none, one, two), [0, 4, 4, 0, 4, 4])
    assert.deepEqual(await scores(pod('test-image:v1'), one, two), [7, 7, 7, 7])
    const latest = node('latest', { names: ['host:5000/app:latest'], sizeBytes: 5_000_000_000 })
    assert.deepEqual(await scores(pod('host:5000/app'), latest), [100, 100])
  })

  it('zone-spread places the replicas of a workload in turn and cheaply, other than kube-scheduler does by itself', async () => {
    const pods = replicas('orders', 12)
    const [without, beside] = [await place(pods), await place(pods, await guest('zone-spread'))]
    const differing = beside.nodes.filter((node, index) => node !== without.nodes[index])
    assert.ok(differing.length >= 10, `${differing.length} of 12`)
    assert.deepEqual(beside.zones, { 'eu-a': 4, 'eu-b': 4, 'eu-c': 4 })
    assert.ok(beside.price < without.price / 2, `${beside.price} an hour, and ${without.price}`)
  })

  it('zone-spread keeps important pods away from nodes that may go', async () => {
    const nodes = new NodeSnapshot(clusterNodes())
    const plugin = await plug('zone-spread', { config: '{"importantFrom":500}' })
    for (const [priority, refused] of [
      [499, 0],
      [500, 167],
    ] as const) {
      const [pod] = replicas('orders', 1, priority)
      await using attempt = await plugin.lease({ pod: pod ?? {}, nodes })
      attempt.hooks.preFilter()
      const codes = nodes.names.map((name) => attempt.hooks.filter(name).code)
      assert.equal(codes.filter((code) => code === 3).length, refused)
    }
  })

  it('zone-spread scores without zones and without prices too', async () => {
    const nodes = new NodeSnapshot([named('a'), named('b', { annotations: { 'example.com/hourly-price': 'free' } })])
    const plugin = await plug('zone-spread')
    await using attempt = await plugin.lease({ pod: named('pod'), nodes })
    attempt.hooks.preFilter()
    assert.equal(attempt.hooks.score('a').score, 0)
    attempt.hooks.preScore(nodes.names)
    for (const name of nodes.names)
      assert.deepEqual(attempt.hooks.score(name), { status: { code: 0, reason: '' }, score: 0 })
  })
})
