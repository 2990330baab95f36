import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Mortise, type Source } from 'mortise'
import { scheduler } from 'mortise/scheduler'
import { Cluster, Simulation, SimulationHandle, type SchedulerPlugin } from 'mortise/scheduling'
import { wasm } from 'mortise/wasm'
import { nodesNamed, podNamed } from './cluster.ts'
import { evenOnly, lastDigit, rejectsWaiting, trapsInReserve, waitsTenSeconds } from './guests.ts'

describe('guests schedule pods', () => {
  let host = new Mortise({ runtimes: [wasm()] })
  before(() => {
    host = new Mortise({ runtimes: [wasm()] })
  })
  after(() => host[Symbol.asyncDispose]())

  let count = 0
  const plug = (source: Source, handle = new SimulationHandle()): Promise<SchedulerPlugin> =>
    host.plug(`guest-${++count}`, source, scheduler({ handle }))
  const cluster = (): Cluster => new Cluster(nodesNamed('node-1', 'node-2', 'node-4', 'node-7'))

  it('one filters, another scores, each with an instance of its own for the attempt', async () => {
    const [even, last] = [await plug(evenOnly), await plug(lastDigit)]
    const [outcome] = await new Simulation(cluster(), [{ plugin: even }, { plugin: last, weight: 3 }]).run([
      podNamed('web'),
    ])
    assert.deepEqual(outcome?.filtered?.feasible, ['node-2', 'node-4'])
    assert.deepEqual(outcome?.filtered?.refused.get('node-7'), {
      plugin: even.name,
      code: 2,
      reason: 'its number is odd',
    })
    assert.deepEqual(
      outcome?.scored?.totals,
      new Map([
        ['node-2', 60],
        ['node-4', 120],
      ]),
    )
    assert.equal(outcome?.node, 'node-4')
    assert.deepEqual(
      outcome?.times.map(({ hook, calls }) => `${hook} ${calls}`),
      ['preFilter 1', 'filter 4', 'score 2', 'reserve 1'],
    )
  })

  it('and where one traps the attempt fails, the rest unreserve, and the next attempt finds it well', async () => {
    const [last, traps] = [await plug(lastDigit), await plug(trapsInReserve)]
    const nodes = cluster()
    const simulation = new Simulation(nodes, [{ plugin: last }, { plugin: traps }])
    const outcomes = await simulation.run([podNamed('web-0'), podNamed('web-1')])
    for (const { result, message, times } of outcomes) {
      assert.equal(result, 'failed')
      assert.match(
        message,
        new RegExp(`the plugin '${traps.name}' failed in reserve of the node 'node-7': .*unreachable`),
      )
      assert.ok(times.some(({ plugin, hook }) => plugin === last.name && hook === 'unreserve'))
    }
    assert.deepEqual(nodes.podsOn('node-7'), [])
  })

  it('and pods wait, until another pod has their place, or time is over', async () => {
    const handle = new SimulationHandle()
    const [waits, rejects] = [await plug(waitsTenSeconds, handle), await plug(rejectsWaiting, handle)]
    const simulation = new Simulation(cluster(), [{ plugin: rejects }, { plugin: waits }], { handle })
    const [first, second] = await simulation.run([
      { metadata: { name: 'first', uid: 'uid-1' } },
      { metadata: { name: 'second', uid: 'uid-2' } },
    ])
    assert.match(first?.message ?? '', /rejected while it waited$/)
    assert.match(second?.message ?? '', new RegExp(`timeout after waiting 10s at plugin ${waits.name}$`))
  })
})
