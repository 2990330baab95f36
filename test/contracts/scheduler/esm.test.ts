import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise, type PluginLogLine } from 'mortise'
import { esm } from 'mortise/esm'
import { scheduler, type SchedulerEvent, type SchedulerHooks, type SchedulerOptions } from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'
import { guest, nodes, pod } from '../../support/scheduler-guest.ts'
import { failure, rejection } from '../../support/wat.ts'

const ok = { code: 0, reason: '' }

async function attempt<T>(
  source: string,
  run: (hooks: SchedulerHooks) => T,
  options: SchedulerOptions = {},
  lines: PluginLogLine[] = [],
): Promise<T> {
  await using host = new Mortise({ runtimes: [esm()], log: (line) => void lines.push(line) })
  const plugin = await host.plug('guest', Buffer.from(source), scheduler(options))
  await using lease = await plugin.lease({ pod, nodes })
  return run(lease.hooks)
}

describe('a scheduler plugin in JavaScript', () => {
  it('has the same hooks, with the attempt before what they are about', async () => {
    const [lines, events]: [PluginLogLine[], SchedulerEvent[]] = [[], []]
    const source = `
      export const enqueue = () => [{ resource: 'Node', actionType: 9 }]
      export function preFilter({ pod, nodes, state, config, log }) {
        state.set('wanted', JSON.parse(config).wanted)
        log.info('about ' + pod.metadata.name)
        return { nodeNames: nodes.names.filter((name) => name !== 'c') }
      }
      export function filter({ nodes, event }, node) {
        if (nodes.get(node) !== undefined) return
        event({ reason: 'NoSuchNode' })
        return { code: 3, reason: 'there is no ' + node }
      }
      export const score = ({ state }, node) => (state.get('wanted') === node ? 100 : 0)
      export const normalizeScore = (attempt, scores) => Object.fromEntries(Object.entries(scores).map(([node, score]) => [node, 100 - score]))
      export const postFilter = (attempt, codes) => ({ status: { code: 2 }, nominatedNode: Object.keys(codes)[0], nominatingMode: 1 })
      export const permit = () => ({ status: { code: 4, reason: 'later' }, timeout: 500 })
      export const reserve = ({ waitingPods }) => ({ code: waitingPods.reject('x') ? 5 : 0 })
      export const addPod = ({ pod }, other, node) => ({ code: 0, reason: [pod.metadata.name, other.metadata.name, node].join() })
      export const unreserve = ({ state }) => state.clear()
      export const bind = ({ state }) => (state.size === 0 ? { code: 1, reason: 'it is gone' } : undefined)`
    const options: SchedulerOptions = {
      config: '{"wanted":"b"}',
      handle: {
        event: (event) => void events.push(event),
        waitingPods: { get: () => undefined, reject: (uid) => uid === 'x' },
      },
    }
    await attempt(
      source,
      (hooks) => {
        assert.deepEqual(hooks.preFilter(), { status: ok, nodeNames: ['a', 'b'] })
        assert.deepEqual(hooks.filter('a'), ok)
        assert.deepEqual(hooks.filter('x'), { code: 3, reason: 'there is no x' })
        assert.deepEqual([hooks.score('a').score, hooks.score('b').score], [0, 100])
        assert.deepEqual(hooks.normalizeScore({ a: 1, b: 2 }), { status: ok, scores: { a: 99, b: 98 } })
        const nominated = { status: { code: 2, reason: '' }, nominatedNode: 'a', nominatingMode: 1 }
        assert.deepEqual(hooks.postFilter({ a: 3 }), nominated)
        assert.deepEqual(hooks.permit('a'), { status: { code: 4, reason: 'later' }, timeout: 500 })
        assert.equal(hooks.reserve('a').code, 5)
        assert.equal(hooks.addPod({ metadata: { name: 'other' } }, 'a').reason, 'pod-1,other,a')
        assert.deepEqual([hooks.preScore([]), hooks.preBind('a'), hooks.bind('a')], [ok, ok, ok])
        hooks.unreserve('a')
        assert.equal(hooks.bind('a').reason, 'it is gone')
        assert.deepEqual(hooks.enqueue(), [{ resource: 'Node', actionType: 9, actions: ['Add', 'UpdateNodeLabel'] }])
      },
      options,
      lines,
    )
    assert.deepEqual([lines.map(({ text }) => text), events.length], [['about pod-1'], 1])
  })

  it('has a state of its own in each attempt, and a failed call ends that', async () => {
    await using host = new Mortise({ runtimes: [wasm(), esm()] })
    const source = `export function filter({ state }) {
      state.set('calls', (state.get('calls') ?? 0) + 1)
      if (state.get('calls') === 3) throw new Error('three')
      return { code: state.get('calls') }
    }`
    const plugin = await host.plug('guest', Buffer.from(source), scheduler())
    assert.deepEqual(plugin.values.hooks, ['filter'])
    failure('ATTEMPT_ABSENT', () => plugin.hooks.filter('a'))
    for (let attempts = 0; attempts < 2; attempts++) {
      await using lease = await plugin.lease({ pod, nodes })
      assert.deepEqual([lease.hooks.filter('a').code, lease.hooks.filter('a').code], [1, 2])
      failure('GUEST_THREW', () => lease.hooks.filter('a'))
      failure('LEASE_FAILED', () => lease.hooks.filter('a'))
    }
    await plugin.swap(guest({ filter: '(i32.const 7)' }))
    await using lease = await plugin.lease({ pod, nodes })
    assert.equal(lease.hooks.filter('a').code, 7)
  })

  it('has to give what its hooks give', async () => {
    const rows: readonly (readonly [source: string, call: (hooks: SchedulerHooks) => unknown])[] = [
      ['export const filter = async () => {}', (hooks) => hooks.filter('a')],
      ["export const filter = () => 'no'", (hooks) => hooks.filter('a')],
      ['export const filter = () => ({ code: 1.5 })', (hooks) => hooks.filter('a')],
      ['export const score = () => 0.5', (hooks) => hooks.score('a')],
      ["export const normalizeScore = () => ({ a: '1' })", (hooks) => hooks.normalizeScore({ a: 1 })],
      ['export const preFilter = () => ({ nodeNames: [1] })', (hooks) => hooks.preFilter()],
      ["export const permit = () => ({ timeout: 'long' })", (hooks) => hooks.permit('a')],
    ]
    for (const [source, call] of rows) await attempt(source, (hooks) => failure('GUEST_RESULT', () => call(hooks)))
    await rejection(
      'MODULE_REFUSED',
      attempt('export const nothing = 1', () => {}),
    )
    await rejection(
      'MODULE_REFUSED',
      attempt('export const filter = 1', () => {}),
    )
  })
})
