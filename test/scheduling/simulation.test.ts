import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { builtIn, Cluster, Simulation, SimulationHandle, type Outcome, type SchedulerPlugin } from 'mortise/scheduling'
import { nodesNamed, podNamed, scoring, success, unresolvable, unschedulable } from './cluster.ts'

const cluster = (...names: readonly string[]): Cluster => new Cluster(nodesNamed(...names))

const podOf = (pod: Readonly<Record<string, unknown>>): string =>
  (/"name":"([^"]+)"/.exec(JSON.stringify(pod)) ?? [])[1] ?? ''

/** Schedules one pod. */
async function schedule(nodes: Cluster, ...plugins: readonly SchedulerPlugin[]): Promise<Outcome> {
  const [outcome] = await new Simulation(
    nodes,
    plugins.map((plugin) => ({ plugin })),
  ).run([podNamed('web')])
  assert.ok(outcome !== undefined)
  return outcome
}

/** A plugin that takes part in everything, agrees to it, and writes down what it was called for. */
function witness(name: string, calls: string[]): SchedulerPlugin {
  const say = (text: string): typeof success => {
    calls.push(`${name} ${text}`)
    return success
  }
  return builtIn(
    name,
    [
      ...(['preFilter', 'filter', 'postFilter', 'preScore', 'score', 'normalizeScore'] as const),
      ...(['reserve', 'unreserve', 'permit', 'preBind', 'bind', 'postBind'] as const),
    ],
    () => ({
      preFilter: () => ({ status: say('preFilter'), nodeNames: undefined }),
      filter: (node) => say(`filter ${node}`),
      postFilter: () => ({ status: say('postFilter'), nominatedNode: '', nominatingMode: 0 }),
      preScore: (nodes) => say(`preScore ${nodes.join(' ')}`),
      score: (node) => ({ status: say(`score ${node}`), score: node === 'b' ? 9 : 1 }),
      normalizeScore: (scores) => ({ status: say('normalizeScore'), scores }),
      reserve: (node) => say(`reserve ${node}`),
      unreserve: (node) => void say(`unreserve ${node}`),
      permit: (node) => ({ status: say(`permit ${node}`), timeout: 0 }),
      preBind: (node) => say(`preBind ${node}`),
      bind: (node) => say(`bind ${node}`),
      postBind: (node) => void say(`postBind ${node}`),
    }),
  )
}

describe('a pod goes through the extension points', () => {
  it('in the order of kube-scheduler, through each of them plugin by plugin', async () => {
    const calls: string[] = []
    const outcome = await schedule(cluster('a', 'b'), witness('x', calls), witness('y', calls))
    const cycle = [
      'x preFilter, y preFilter, x filter a, y filter a, x filter b, y filter b',
      'x preScore a b, y preScore a b, x score a, x score b, x normalizeScore, y score a, y score b, y normalizeScore',
      // Who binds is the last to be asked.
      'x reserve b, y reserve b, x permit b, y permit b, x preBind b, y preBind b, x bind b, x postBind b, y postBind b',
    ]
    assert.deepEqual(calls.join(', '), cycle.join(', '))
    assert.equal(outcome.message, 'Successfully assigned default/web to b')
    assert.deepEqual([outcome.result, outcome.node], ['bound', 'b'])
  })

  it('and is not scored where one node is left, nor anything where there is none', async () => {
    const calls: string[] = []
    const alone = await schedule(cluster('a'), witness('x', calls))
    assert.deepEqual([alone.node, alone.scored], ['a', undefined])
    assert.ok(!calls.some((call) => call.includes('core')))
    const none = await schedule(cluster(), witness('y', calls))
    assert.deepEqual([none.result, none.message], ['unschedulable', 'The cluster has no nodes'])
    assert.ok(!calls.some((call) => call.startsWith('y')))
  })

  it('and every hook that was called has its time', async () => {
    const { times } = await schedule(cluster('a', 'b'), scoring('x', {}))
    assert.deepEqual(
      times.map(({ plugin, hook, calls }) => [plugin, hook, calls]),
      [['x', 'score', 2]],
    )
    assert.ok(times.every(({ milliseconds, slowest }) => milliseconds >= slowest && slowest >= 0))
  })
})

describe('filters', () => {
  const refusing = (name: string, node: string, asked: string[]): SchedulerPlugin =>
    builtIn(name, ['filter'], () => ({
      filter(candidate) {
        asked.push(`${name} ${candidate}`)
        return candidate === node ? unschedulable(`not ${node}`) : success
      },
    }))

  it('are asked about a node until one refuses it', async () => {
    const asked: string[] = []
    const { filtered, node } = await schedule(
      cluster('a', 'b', 'c'),
      refusing('x', 'a', asked),
      refusing('y', 'b', asked),
    )
    assert.deepEqual(asked, ['x a', 'x b', 'y b', 'x c', 'y c'])
    assert.deepEqual(filtered?.feasible, ['c'])
    assert.deepEqual(Object.fromEntries(filtered?.refused ?? []), {
      a: { plugin: 'x', code: 2, reason: 'not a' },
      b: { plugin: 'y', code: 2, reason: 'not b' },
    })
    assert.equal(node, 'c')
  })

  const naming = (name: string, ...nodeNames: readonly string[]): SchedulerPlugin =>
    builtIn(name, ['preFilter'], () => ({ preFilter: () => ({ status: success, nodeNames }) }))

  it('are asked about no other nodes than those that all preFilters name', async () => {
    const asked: string[] = []
    const { node, filtered } = await schedule(
      cluster('a', 'b', 'c'),
      naming('x', 'a', 'b', 'elsewhere'),
      naming('y', 'c', 'b'),
      refusing('z', 'b', asked),
    )
    assert.deepEqual([node, asked], [undefined, ['z b']])
    assert.deepEqual(filtered?.rest, { plugin: 'x, y', code: 3, reason: "node(s) didn't satisfy plugin(s) [x y]" })
  })

  it('are not asked where the preFilters name no node together', async () => {
    const outcome = await schedule(cluster('a', 'b'), naming('x', 'a'), naming('y', 'b'))
    assert.equal(outcome.message, "0/2 nodes are available: node(s) didn't satisfy plugin(s) [x y] simultaneously.")
  })

  it('of a plugin that skips in preFilter are not called', async () => {
    const skipping = builtIn('x', ['preFilter', 'filter'], () => ({
      preFilter: () => ({ status: { code: 5, reason: '' }, nodeNames: ['nowhere'] }),
      filter: () => unschedulable('called'),
    }))
    assert.equal((await schedule(cluster('a'), skipping)).node, 'a')
  })

  for (const [code, others] of [
    [2, ['y']],
    [3, []],
  ] as const) {
    it(`are not called where a preFilter gives ${code}, after the preFilters of ${others.length} others`, async () => {
      const asked: string[] = []
      const refuses = builtIn('x', ['preFilter'], () => ({
        preFilter: () => ({ status: { code, reason: 'no room for web' }, nodeNames: undefined }),
      }))
      const next = builtIn('y', ['preFilter', 'filter'], () => ({
        preFilter() {
          asked.push('y')
          return { status: success, nodeNames: undefined }
        },
        filter: () => assert.fail('a preFilter had refused the pod'),
      }))
      const outcome = await schedule(cluster('a', 'b'), refuses, next)
      assert.deepEqual([outcome.message, asked], ['0/2 nodes are available: no room for web.', [...others]])
    })
  }

  it('try the node first that the pod is nominated to', async () => {
    const asked: string[] = []
    const simulation = new Simulation(cluster('a', 'b', 'c'), [{ plugin: refusing('x', 'c', asked) }])
    const [good] = await simulation.run([{ ...podNamed('web'), status: { nominatedNodeName: 'b' } }])
    assert.deepEqual([good?.node, asked], ['b', ['x b']])
    asked.length = 0
    await simulation.run([{ ...podNamed('web'), status: { nominatedNodeName: 'c' } }])
    assert.deepEqual(asked, ['x c', 'x a', 'x b', 'x c'])
  })

  it('are asked twice about a node that others are nominated to, first as if those were on it', async () => {
    const asked: string[] = []
    const counts = builtIn('x', ['addPod', 'filter', 'postFilter'], ({ pod }) => ({
      addPod(other, node) {
        asked.push(`${podOf(other)} on ${node}?`)
        return success
      },
      filter(node) {
        asked.push(`${podOf(pod)} to ${node}`)
        return podOf(pod) === 'first' ? unschedulable('full') : success
      },
      postFilter: () => ({ status: success, nominatedNode: 'b', nominatingMode: 1 }),
    }))
    const simulation = new Simulation(cluster('a', 'b'), [{ plugin: counts }])
    await simulation.run([podNamed('first', { priority: 5 }), podNamed('same', { priority: 5 }), podNamed('low')])
    const same = 'same to a, first on b?, same to b, same to b'
    assert.equal(asked.slice(2).join(', '), `${same}, low to a, first on b?, low to b, low to b`)
    asked.length = 0
    await simulation.run([podNamed('high', { priority: 6 })])
    assert.deepEqual(asked, ['high to a', 'high to b'])
  })

  it('that refuse all nodes are followed by postFilter, with the code of each', async () => {
    let codes: unknown
    const nominating = builtIn('y', ['filter', 'postFilter'], () => ({
      filter: (node) => (node === 'a' ? unresolvable('wrong disk') : unschedulable('full')),
      postFilter(given) {
        codes = given
        return { status: success, nominatedNode: 'b', nominatingMode: 1 }
      },
    }))
    const never = builtIn('z', ['postFilter'], () => ({
      postFilter: () => assert.fail('a plugin before it had a node'),
    }))
    const { message, nominated, result } = await schedule(cluster('a', 'b', 'c'), nominating, never)
    assert.deepEqual(codes, { a: 3, b: 2, c: 2 })
    assert.deepEqual(
      [result, message, nominated],
      ['unschedulable', '0/3 nodes are available: 1 wrong disk, 2 full.', 'b'],
    )
  })
})

describe('scores', () => {
  it('are normalised, weighted and added up, and the highest sum has the pod', async () => {
    const halved = builtIn('x', ['score', 'normalizeScore'], () => ({
      score: (node) => ({ status: success, score: node === 'a' ? 200 : 40 }),
      // In another order, and with nothing of c: its score stays.
      normalizeScore: ({ a = 0, b = 0 }) => ({ status: success, scores: { b: b / 2, a: a / 2 } }),
    }))
    const simulation = new Simulation(cluster('a', 'b', 'c'), [
      { plugin: halved },
      { plugin: scoring('y', { b: 30, c: 21 }), weight: 3 },
    ])
    const [outcome] = await simulation.run([podNamed('web')])
    assert.deepEqual(outcome?.scored, {
      plugins: [
        { plugin: 'x', weight: 1, raw: { a: 200, b: 40, c: 40 }, normalized: { a: 100, b: 20, c: 40 } },
        { plugin: 'y', weight: 3, raw: { a: 0, b: 30, c: 21 }, normalized: { a: 0, b: 30, c: 21 } },
      ],
      totals: new Map([
        ['a', 100],
        ['b', 110],
        ['c', 103],
      ]),
    })
    assert.equal(outcome?.node, 'b')
  })

  it('of a plugin that skips in preScore do not count', async () => {
    const skipping = builtIn('x', ['preScore', 'score'], () => ({
      preScore: () => ({ code: 5, reason: '' }),
      score: () => assert.fail('it had skipped'),
    }))
    const { scored } = await schedule(cluster('a', 'b'), skipping, scoring('y', { a: 1 }))
    assert.deepEqual(
      scored?.plugins.map(({ plugin }) => plugin),
      ['y'],
    )
  })

  for (const score of [-1, 101]) {
    it(`of ${score} end the attempt`, async () => {
      const outcome = await schedule(cluster('a', 'b'), scoring('x', { b: score }))
      assert.equal(outcome.result, 'failed')
      assert.match(
        outcome.message,
        new RegExp(`plugin 'x' failed in score of the node 'b': .* is ${score}, and must be 0 to 100`),
      )
    })
  }

  it('that are equal leave it to chance, the same one for the same seed', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `node-${index}`)
    const placed = async (seed: number): Promise<readonly (string | undefined)[]> => {
      const simulation = new Simulation(
        cluster(...names),
        [{ plugin: scoring('x', { 'node-3': 5, 'node-7': 5, 'node-9': 5 }) }],
        { seed },
      )
      const outcomes = await simulation.run(Array.from({ length: 30 }, (_, index) => podNamed(`web-${index}`)))
      assert.deepEqual(outcomes[0]?.selected?.best, ['node-3', 'node-7', 'node-9'])
      return outcomes.map(({ node }) => node)
    }
    const one = await placed(1)
    assert.deepEqual(await placed(1), one)
    assert.notDeepEqual(await placed(2), one)
    assert.deepEqual(new Set(one), new Set(['node-3', 'node-7', 'node-9']))
  })
})

describe('once a node is selected', () => {
  it('a plugin that refuses to reserve it has all others unreserve, the last one first, and the pod does not count', async () => {
    const calls: string[] = []
    const nodes = cluster('a')
    const refuses = builtIn('y', ['reserve'], () => ({ reserve: () => unschedulable('taken') }))
    const outcome = await schedule(nodes, witness('x', calls), refuses, witness('z', calls))
    assert.deepEqual(calls.slice(-3), ['x reserve a', 'z unreserve a', 'x unreserve a'])
    assert.deepEqual(outcome.refusal, { plugin: 'y', code: 2, reason: 'taken' })
    assert.equal(outcome.message, "The plugin 'y' refused the node 'a' in reserve: taken")
    assert.deepEqual([outcome.result, outcome.node, nodes.podsOn('a')], ['unschedulable', undefined, []])
  })

  it('a plugin that fails ends the attempt, all others unreserve, and the next pod is not concerned', async () => {
    const calls: string[] = []
    const fails = builtIn('y', ['preBind'], ({ pod }) => ({
      preBind() {
        if (JSON.stringify(pod).includes('"first"')) throw new Error('the disk is gone')
        return success
      },
    }))
    const simulation = new Simulation(cluster('a'), [{ plugin: witness('x', calls) }, { plugin: fails }])
    const [first, second] = await simulation.run([podNamed('first'), podNamed('second')])
    assert.equal(first?.result, 'failed')
    assert.equal(
      first?.message,
      "Cannot schedule the pod 'default/first': the plugin 'y' failed in preBind of the node 'a': the disk is gone",
    )
    assert.deepEqual(
      calls.filter((call) => call.includes('unreserve')),
      ['x unreserve a'],
    )
    assert.equal(second?.result, 'bound')
  })

  it('a plugin that skips leaves the binding to the next one', async () => {
    const calls: string[] = []
    const skips = builtIn('w', ['bind'], () => ({ bind: () => ({ code: 5, reason: '' }) }))
    assert.equal((await schedule(cluster('a'), skips, witness('x', calls))).result, 'bound')
    assert.ok(calls.includes('x bind a'))
  })

  const waits = (timeout: number): SchedulerPlugin =>
    builtIn('patient', ['permit', 'unreserve', 'bind'], ({ pod }) => ({
      permit: () => ({ status: JSON.stringify(pod).includes('slow') ? { code: 4, reason: '' } : success, timeout }),
      unreserve() {},
      bind: () => success,
    }))

  it('a pod that has to wait keeps its node until all others had their turn, and is rejected then', async () => {
    const nodes = cluster('a')
    const seen: number[] = []
    const counts = builtIn('counts', ['filter'], () => ({
      filter(node) {
        seen.push(nodes.podsOn(node).length)
        return success
      },
    }))
    const simulation = new Simulation(nodes, [{ plugin: counts }, { plugin: waits(10_000) }])
    const [slow, quick] = await simulation.run([podNamed('slow'), podNamed('quick')])
    assert.deepEqual(seen, [0, 1])
    assert.deepEqual(slow?.waits, [{ plugin: 'patient', timeout: 10_000 }])
    assert.match(slow.message, /in permit: rejected due to timeout after waiting 10s at plugin patient/)
    assert.deepEqual([slow.result, quick?.result, nodes.podsOn('a').length], ['unschedulable', 'bound', 1])
  })

  it('no pod waits longer than kube-scheduler lets it', async () => {
    const [slow] = await new Simulation(cluster('a'), [{ plugin: waits(2 ** 32 - 1) }]).run([podNamed('slow')])
    assert.match(slow?.message ?? '', /after waiting 900s/)
  })

  it('no more pods wait than may, and of more the one with the shortest wait goes', async () => {
    const nodes = cluster('a')
    const open: number[] = []
    const waits = builtIn('patient', ['filter', 'permit'], ({ pod }) => ({
      filter(node) {
        open.push(nodes.podsOn(node).length)
        return success
      },
      permit: () => ({ status: { code: 4, reason: '' }, timeout: JSON.stringify(pod).includes('short') ? 1 : 9 }),
    }))
    const simulation = new Simulation(nodes, [{ plugin: waits }], { waiting: 2 })
    await simulation.run(['one', 'two', 'short', 'three', 'four'].map((name) => podNamed(name)))
    assert.deepEqual(open, [0, 1, 2, 2, 2])
  })

  it('a pod that has to wait may be allowed by the simulation', async () => {
    const simulation = new Simulation(cluster('a'), [{ plugin: waits(10) }], { permit: 'allow' })
    const [slow] = await simulation.run([podNamed('slow')])
    assert.deepEqual([slow?.result, slow?.waits.length], ['bound', 1])
  })

  it('a pod that waits may be rejected by a plugin, through its handle', async () => {
    const handle = new SimulationHandle()
    const rejected: unknown[] = []
    const rejects = builtIn('rejects', ['preFilter'], () => ({
      preFilter() {
        rejected.push(
          handle.waitingPods.get('1')?.['kind'],
          handle.waitingPods.reject('1'),
          handle.waitingPods.reject('2'),
        )
        handle.event({
          regarding: reference,
          related: undefined,
          type: 'Normal',
          reason: 'Rejects',
          action: '',
          note: '1',
        })
        return { status: success, nodeNames: undefined }
      },
    }))
    const simulation = new Simulation(cluster('a'), [{ plugin: rejects }, { plugin: waits(10_000) }], { handle })
    const [slow, quick] = await simulation.run([
      { ...podNamed('slow'), metadata: { name: 'slow', uid: '1' } },
      podNamed('quick'),
    ])
    assert.match(slow?.message ?? '', /in permit: rejected while it waited/)
    assert.deepEqual(rejected, [undefined, false, false, 'Pod', true, false])
    assert.deepEqual(
      quick?.events.map(({ reason }) => reason),
      ['Rejects'],
    )
    assert.equal(handle.waitingPods.get('1'), undefined)
  })
})

const reference = { kind: 'Pod', apiVersion: 'v1', name: '', namespace: '', uid: '', resourceVersion: '' }

describe('a simulation', () => {
  it('takes pods with a higher priority first, and gives them a namespace and a UID', async () => {
    const simulation = new Simulation(cluster('a'), [])
    const outcomes = await simulation.run([podNamed('low'), podNamed('high', { priority: 9 }), podNamed('also-low')])
    assert.deepEqual(
      outcomes.map(({ pod }) => pod['metadata']),
      ['high', 'low', 'also-low'].map((name, index) => ({ name, namespace: 'default', uid: `simulated-${index + 1}` })),
    )
  })

  for (const [why, more] of [
    ['it has the scheduling gates quota, image', { spec: { schedulingGates: [{ name: 'quota' }, { name: 'image' }] } }],
    ['it is being deleted', { metadata: { name: 'web', deletionTimestamp: '2026-01-31T12:00:00Z' } }],
  ] as const) {
    it(`does not try to place a pod where ${why}`, async () => {
      const calls: string[] = []
      const [outcome] = await new Simulation(cluster('a'), [{ plugin: witness('x', calls) }]).run([
        { ...podNamed('web'), ...more },
      ])
      assert.deepEqual([outcome?.result, outcome?.message, calls], ['unschedulable', `Nothing is tried: ${why}`, []])
    })
  }

  it('ends every lease, also where a plugin cannot be leased', async () => {
    let open = 0
    const counted = (plugin: SchedulerPlugin): SchedulerPlugin => ({
      ...plugin,
      async lease(attempt) {
        const { hooks } = await plugin.lease(attempt)
        open++
        return { hooks, [Symbol.asyncDispose]: async () => void open-- }
      },
    })
    const broken = { ...scoring('y', {}), lease: () => Promise.reject(new Error('no instance')) }
    const x = { plugin: counted(scoring('x', {})) }
    await new Simulation(cluster('a', 'b'), [x]).run([podNamed('web'), podNamed('api')])
    assert.equal(open, 0)
    await assert.rejects(new Simulation(cluster('a'), [x, { plugin: broken }]).run([podNamed('web')]), /no instance/)
    assert.equal(open, 0)
  })

  for (const [what, make, message] of [
    ['an option that there is not', () => new Simulation(cluster(), [], { sead: 1 } as object), /no option 'sead'/],
    ['a seed that is no whole number', () => new Simulation(cluster(), [], { seed: 0.5 }), /'seed' to 0\.5/],
    [
      'a weight of nothing',
      () => new Simulation(cluster(), [{ plugin: scoring('x', {}), weight: 0 }]),
      /'weight' to 0/,
    ],
    [
      'a plugin twice',
      () => new Simulation(cluster(), [{ plugin: scoring('x', {}) }, { plugin: scoring('x', {}) }]),
      /each plugin once/,
    ],
    ['a node without a name', () => new Cluster([{ kind: 'Node' }]), /a Node has no name/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(make, { name: 'MortiseError', message })
    })
  }
})
