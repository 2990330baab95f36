import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { node, plugin, pod } from '../support/scheduler-plugin.ts'

describe('what a plugin of a scheduler reads', () => {
  it('asks for a pod or a node once it reads something of it, and for a pod once', async () => {
    const guest = await plugin(`
      import { CycleState, NodeInfo, Pod, Status, Text } from 'tenon/scheduler'
      export class P {
        filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
          return nodeInfo.name.equals('skip') || pod.spec.nodeName.equals(nodeInfo.name) ? null : Status.unschedulable(
            nodeInfo.node.metadata.name.toString() + (nodeInfo.exists ? ' is there' : 'is not there'))
        }
        addPod(state: CycleState, pod: Pod, added: Pod, nodeInfo: NodeInfo): Status | null {
          return Status.error(pod.metadata.name.toString() + ' ' + added.metadata.name.toString() + ' ' + nodeInfo.name.toString())
        }
      }`)
    const calls = (): Record<string, number> => {
      const counted = Object.fromEntries(guest.calls)
      guest.calls.clear()
      return counted
    }
    guest.cluster = { pod, nodes: [node('n1'), node('n2')] }
    guest.call('prefilter')
    guest.call('filter', 'skip')
    assert.deepEqual(calls(), { currentNodeName: 1 })
    assert.equal(guest.call('filter', 'n1'), 0)
    assert.deepEqual(calls(), { currentNodeName: 1, currentPod: 2 })
    assert.equal(guest.call('filter', 'n2'), 2)
    assert.equal(guest.call('filter', 'n3'), 2)
    assert.deepEqual(guest.said(), ['reason n2 is there', 'reason is not there'])
    assert.deepEqual(calls(), { currentNodeName: 2, node: 2, 'result.status_reason': 2 })
    guest.call('prefilter')
    assert.equal(guest.call('filter', 'n1'), 0)
    assert.deepEqual(calls(), { currentNodeName: 1, currentPod: 1 })
    for (const name of ['other', 'o'.repeat(3000)]) {
      guest.cluster = { pod, target: node(name) }
      assert.equal(guest.call('addpod', 'n9'), 1)
      assert.deepEqual(guest.said(), [`reason web-0 ${name} n9`])
    }
  })

  it('knows all nodes, some by their names, and those that are left', async () => {
    const guest = await plugin(`
      import { CycleState, NodeInfo, NodeInfoList, Pod, StateData, Status, nodes } from 'tenon/scheduler'
      export class P {
        left: NodeInfoList | null = null
        preScore(state: CycleState, pod: Pod, left: NodeInfoList): Status | null {
          this.left = left
          let names = ''
          for (let i = 0; i < left.length; i++) names += left[i].name.toString() + (left[i].exists ? '+' : '-')
          return Status.error(names + (left.get('n2') === null ? ' without n2' : ' with n2'))
        }
        score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
          const found = nodes.get('n' + nodeInfo.name.toString())
          const left = this.left!
          return (found === null ? 0 : found.node.metadata.labels.size) + 10 * nodes.list().length + 100 * left[0].node.metadata.labels.size
        }
        bind(): Status | null {
          const all = nodes.list()
          let said = ''
          for (let i = 0; i < all.length; i++) said += all[i].name.toString() + '=' + all[i].node.metadata.uid.toString() + ' '
          return Status.error(said)
        }
      }`)
    const nodes = [
      node('n1', { uid: 'a', labels: { x: 'y', z: '' } }),
      node('n2', { uid: 'b' }),
      node('<3', { uid: 'c' }),
    ]
    for (const filtered of [
      ['n1', 'n2'],
      ['n1', 'gone', '<3'],
    ]) {
      guest.cluster = { pod, nodes, filtered }
      guest.call('prefilter')
      assert.equal(guest.call('prescore'), 1)
      assert.deepEqual(guest.said(), [
        filtered.length === 2 ? 'reason n1+n2+ with n2' : 'reason n1+gone-<3+ without n2',
      ])
      guest.calls.clear()
      for (const [name, labels] of [
        ['1', 2],
        ['2', 0],
        ['9', 0],
        ['1', 2],
      ] as const)
        assert.deepEqual(guest.halves('score', name), [labels + 30 + 200, 0])
      assert.ok((guest.calls.get('nodeList') ?? 0) <= 2)
      guest.call('bind')
      assert.deepEqual(guest.said(), ['reason n1=a n2=b <3=c '])
    }
    guest.cluster = { pod, nodes: [], filtered: [] }
    guest.call('prefilter')
    assert.deepEqual([guest.call('bind'), guest.said()], [1, []])
  })

  it('knows the images on a node', async () => {
    const guest = await plugin(`
      import { CycleState, NodeInfo, Pod, Status } from 'tenon/scheduler'
      export class P {
        filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
          const images = nodeInfo.imageStates
          let said = images.length.toString()
          for (let i = 0; i < images.length; i++)
            said += ' ' + images[i].name.toString() + ' ' + images[i].size.toString() + '/' + images[i].numNodes.toString()
          const one = images.get(pod.spec.containers[0].image)
          return Status.error(said + (one === null ? '' : ' has ' + one.size.toString()))
        }
      }`)
    guest.cluster = {
      pod: { spec: { containers: [{ image: 'a:1' }] } },
      images: {
        n1: '{"a:1":{"Size":100000000000,"NumNodes":2},"b\\u003c\\ud83d\\ude00:1":{"Size":1,"Nodes":{"x":[{}, null]},"NumNodes":1}}',
        n2: '{}',
        n4: '[1]',
        n5: '{"a":{"Size":1.5}}',
      },
    }
    guest.call('prefilter')
    for (const [name, said] of [
      ['n1', '2 a:1 100000000000/2 b<😀:1 1/1 has 100000000000'],
      ['n2', '0'],
      ['n3', '0'],
      ['n4', '0'],
    ] as const) {
      guest.call('filter', name)
      assert.deepEqual(guest.said(), [`reason ${said}`])
    }
    assert.throws(() => guest.call('filter', 'n5'), /what the host says of images is not as it should be at byte 14/)
  })
})

describe('values of Kubernetes', () => {
  it('are amounts, rounded up, and never beyond what fits', async () => {
    const guest = await plugin(`
      import { CycleState, Pod, Status } from 'tenon/scheduler'
      export class P {
        filter(state: CycleState, pod: Pod): Status | null {
          const overhead = pod.spec.overhead
          const keys = overhead.keys()
          let said = ''
          for (let i = 0; i < keys.length; i++) {
            const amount = overhead.get(keys[i])!
            said += amount.text.toString() + '=' + amount.value().toString() + '=' + amount.milliValue().toString() + ' '
          }
          return Status.error(said)
        }
      }`)
    const amounts: Readonly<Record<string, readonly [bigint, bigint]>> = {
      '0': [0n, 0n],
      '500m': [1n, 500n],
      '1100m': [2n, 1100n],
      '-1500m': [-1n, -1500n],
      '1u': [1n, 1n],
      '3n': [1n, 1n],
      '2Gi': [2n << 30n, (2n << 30n) * 1000n],
      '65886460Ki': [65886460n << 10n, (65886460n << 10n) * 1000n],
      '7k': [7000n, 7_000_000n],
      '9007199254740993': [9007199254740993n, 9007199254740993000n],
      '5e3': [5000n, 5_000_000n],
      '4E': [4_000_000_000_000_000_000n, 2n ** 63n - 1n],
      '9223372036854775807': [2n ** 63n - 1n, 2n ** 63n - 1n],
    }
    for (const [text, [value, milli]] of Object.entries(amounts)) {
      guest.cluster = { pod: { spec: { overhead: { a: text } } } }
      guest.call('prefilter')
      guest.call('filter')
      assert.deepEqual(guest.said(), [`reason ${text}=${value}=${milli} `])
    }
  })

  it('are texts that are compared, cut and read as numbers', async () => {
    const guest = await plugin(`
      import { CycleState, NodeInfo, Pod, Status, Text } from 'tenon/scheduler'
      function check(text: Text): string {
        return [
          text.equals('grün-7'), text.equals('grun-77'), text.equals('grün-'), text.startsWith('grü'), text.startsWith('grün-77'),
          text.endsWith('ün-7'), text.endsWith('x'), text.isEmpty, text.slice(5).equals('-7'), text.slice(5, 6).equals('-'),
          text.slice(-3, 2).equals('gr'), text.indexOf(0x2d) == 5, text.indexOf(0x2d, 6) == -1, text[0] == 0x67,
          text.slice(6).toNumber(NaN) == 7, isNaN(text.toNumber(NaN)), text.slice(99).isEmpty,
        ].map<string>(one => one ? '1' : '0').join('')
      }
      export class P {
        filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
          const numbers = pod.metadata.annotations
          const keys = numbers.keys()
          let said = check(nodeInfo.name)
          for (let i = 0; i < keys.length; i++) said += ' ' + numbers.get(keys[i])!.toNumber(-999).toString()
          return Status.error(said)
        }
      }`)
    const annotations = {
      a: '0.125',
      b: '-12',
      c: '+3.5',
      d: '1.',
      e: '.5',
      f: '',
      g: '-',
      h: '1e3',
      i: '1.2.3',
      j: '-2.5E-1',
      k: '1e',
    }
    guest.cluster = { pod: { metadata: { annotations } } }
    guest.call('prefilter')
    guest.call('filter', 'grün-7')
    assert.deepEqual(guest.said(), [
      'reason 10010100111111111 0.125 -12.0 3.5 -999.0 -999.0 -999.0 -999.0 1000.0 -999.0 -0.25 -999.0',
    ])
  })
})
