import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Cluster, fit, Simulation } from 'mortise/scheduling'
import { podNamed } from './cluster.ts'

type Json = Readonly<Record<string, unknown>>

const usual: Json = { cpu: '2', memory: '4Gi', pods: '10' }
const node = (spec: Json = {}, labels: Json = {}, allocatable = usual): Json => ({
  kind: 'Node',
  metadata: { name: 'a', labels },
  spec,
  status: { allocatable },
})
const asking = (requests: Json): Json => ({ name: 'main', resources: { requests } })

/** The message for one pod in a cluster of one node and some pods on it. */
async function message(on: Json, spec: Json, others: readonly Json[] = []): Promise<string> {
  const cluster = new Cluster([on, ...others])
  const [outcome] = await new Simulation(cluster, [{ plugin: fit(cluster) }]).run([podNamed('web', spec)])
  return outcome?.message ?? ''
}
const fits = 'Successfully assigned default/web to a'
const refused = (reason: string): string => `0/1 nodes are available: 1 ${reason}.`
const on = (spec: Json): Json => ({ ...podNamed('other', { nodeName: 'a', ...spec }) })
const affinity = (...nodeSelectorTerms: readonly Json[]): Json => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})
const expression = (key: string, operator: string, ...values: readonly string[]): Json => ({
  matchExpressions: [{ key, operator, values }],
})
const taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }
const port = (hostPort: number, more: Json = {}): Json => ({ containers: [{ ports: [{ hostPort, ...more }] }] })
const unselected = refused("node(s) didn't match Pod's node affinity/selector")
const taken = refused("node(s) didn't have free ports for the requested pod ports")

describe('fit lets a pod go to a node', () => {
  const rows: readonly (readonly [what: string, on: Json, spec: Json, others: readonly Json[], message: string])[] = [
    ['that has what it asks for', node(), { containers: [asking({ cpu: '2', memory: '4Gi' })] }, [], fits],
    [
      'not beyond its cpu',
      node(),
      { containers: [asking({ cpu: '1001m' }), asking({ cpu: 1 })] },
      [],
      refused('Insufficient cpu'),
    ],
    [
      'not beyond what others leave',
      node(),
      { containers: [asking({ cpu: '0.6', memory: '3Gi' })] },
      [on({ containers: [asking({ cpu: '1.5', memory: '1025Mi' })] })],
      refused('Insufficient cpu and Insufficient memory'),
    ],
    [
      'where others have ended',
      node(),
      { containers: [asking({ cpu: '2' })] },
      [{ ...on({ containers: [asking({ cpu: '2' })] }), status: { phase: 'Succeeded' } }],
      fits,
    ],
    ['not beyond its number of pods', node({}, {}, { pods: '1' }), {}, [on({})], refused('Too many pods')],
    [
      'not without a device that it asks for',
      node(),
      { containers: [asking({ 'example.com/gpu': '1' })] },
      [],
      refused('Insufficient example.com/gpu'),
    ],
    [
      'not where an init container needs more',
      node(),
      { containers: [asking({ cpu: '1' })], initContainers: [asking({ cpu: '3' })] },
      [],
      refused('Insufficient cpu'),
    ],
    [
      'with init containers that end before it begins',
      node(),
      { containers: [asking({ cpu: '2' })], initContainers: [asking({ cpu: '2' }), asking({ cpu: '1' })] },
      [],
      fits,
    ],
    [
      'not beside sidecars that stay',
      node(),
      {
        containers: [asking({ cpu: '1500m' })],
        initContainers: [{ ...asking({ cpu: '501m' }), restartPolicy: 'Always' }],
      },
      [],
      refused('Insufficient cpu'),
    ],
    [
      'not with what running it costs',
      node(),
      { containers: [asking({ cpu: '2' })], overhead: { cpu: '1m' } },
      [],
      refused('Insufficient cpu'),
    ],
    [
      'that says nothing of itself',
      { kind: 'Node', metadata: { name: 'a' } },
      { containers: [asking({ cpu: '64' })] },
      [],
      fits,
    ],

    ['not where no pods are taken', node({ unschedulable: true }), {}, [], refused('node(s) were unschedulable')],
    [
      'where no pods are taken but it tolerates that',
      node({ unschedulable: true }),
      { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] },
      [],
      fits,
    ],
    ['not with a taint', node({ taints: [taint] }), {}, [], refused('node(s) had untolerated taint {dedicated: gpu}')],
    ['with a taint that only prefers', node({ taints: [{ ...taint, effect: 'PreferNoSchedule' }] }), {}, [], fits],
    [
      'with a taint that it tolerates by value',
      node({ taints: [taint] }),
      { tolerations: [{ key: 'dedicated', value: 'gpu' }] },
      [],
      fits,
    ],
    [
      'not with a taint of another value',
      node({ taints: [taint] }),
      { tolerations: [{ key: 'dedicated', value: 'web' }] },
      [],
      refused('node(s) had untolerated taint {dedicated: gpu}'),
    ],
    [
      'not with a taint of another effect',
      node({ taints: [taint] }),
      { tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
      [],
      refused('node(s) had untolerated taint {dedicated: gpu}'),
    ],
    [
      'with any taint where it tolerates all',
      node({ taints: [taint] }),
      { tolerations: [{ operator: 'Exists' }] },
      [],
      fits,
    ],

    ['with the labels that it selects', node({}, { disk: 'ssd' }), { nodeSelector: { disk: 'ssd' } }, [], fits],
    ['not without them', node({}, { disk: 'hdd' }), { nodeSelector: { disk: 'ssd' } }, [], unselected],
    ['by affinity: In', node({}, { zone: 'b' }), affinity(expression('zone', 'In', 'a', 'b')), [], fits],
    ['by affinity: not In', node(), affinity(expression('zone', 'In', 'a')), [], unselected],
    ['by affinity: NotIn', node(), affinity(expression('zone', 'NotIn', 'a')), [], fits],
    ['by affinity: Exists', node({}, { zone: '' }), affinity(expression('zone', 'Exists')), [], fits],
    ['by affinity: DoesNotExist', node({}, { zone: '' }), affinity(expression('zone', 'DoesNotExist')), [], unselected],
    ['by affinity: Gt', node({}, { cores: '16' }), affinity(expression('cores', 'Gt', '9')), [], fits],
    ['by affinity: not Lt', node({}, { cores: '16' }), affinity(expression('cores', 'Lt', '9')), [], unselected],
    [
      'by affinity: no number is greater',
      node({}, { cores: 'many' }),
      affinity(expression('cores', 'Gt', '9')),
      [],
      unselected,
    ],
    [
      'by affinity: one term is enough',
      node(),
      affinity(expression('zone', 'Exists'), {
        matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }],
      }),
      [],
      fits,
    ],
    ['by affinity: a term that says nothing', node(), affinity({}), [], unselected],

    ['with a free port', node(), port(80), [on(port(81))], fits],
    ['not with a port that is taken', node(), port(80), [on(port(80))], taken],
    ['with a port of another protocol', node(), port(80), [on(port(80, { protocol: 'UDP' }))], fits],
    [
      'with a port of another address',
      node(),
      port(80, { hostIP: '10.0.0.1' }),
      [on(port(80, { hostIP: '10.0.0.2' }))],
      fits,
    ],
    ['not with a port that is taken everywhere', node(), port(80, { hostIP: '10.0.0.1' }), [on(port(80))], taken],
  ]
  for (const [what, where, spec, others, expected] of rows) {
    it(what, async () => {
      assert.equal(await message(where, spec, others), expected)
    })
  }

  it('as long as those before it leave room', async () => {
    const cluster = new Cluster([node(), { ...node(), metadata: { name: 'b' } }])
    const pods = Array.from({ length: 5 }, (_, index) =>
      podNamed(`web-${index}`, { containers: [asking({ cpu: '900m' })] }),
    )
    const outcomes = await new Simulation(cluster, [{ plugin: fit(cluster) }]).run(pods)
    assert.deepEqual(outcomes.filter(({ result }) => result === 'bound').length, 4)
    assert.deepEqual([cluster.podsOn('a').length, cluster.podsOn('b').length], [2, 2])
    assert.equal(outcomes[4]?.message, '0/2 nodes are available: 2 Insufficient cpu.')
  })

  it('beside those that are nominated to it', async () => {
    const cluster = new Cluster([
      node(),
      {
        kind: 'Pod',
        metadata: { name: 'big' },
        spec: { priority: 9, containers: [asking({ cpu: '1500m' })] },
        status: { nominatedNodeName: 'a' },
      },
    ])
    const simulation = new Simulation(cluster, [{ plugin: fit(cluster) }])
    const containers = [asking({ cpu: '1' })]
    const outcomes = await simulation.run([
      podNamed('web', { containers }),
      podNamed('urgent', { containers, priority: 10 }),
    ])
    assert.deepEqual(
      outcomes.map(({ message }) => message),
      ['Successfully assigned default/urgent to a', refused('Insufficient cpu')],
    )
  })

  it('and fails at quantities that are none, with the place', async () => {
    assert.match(
      await message(node({}, {}, { cpu: 'lots' }), {}),
      /'fit' failed in filter of the node 'a': Cannot read 'cpu' of the node 'a': 'lots' is no quantity/,
    )
  })
})
