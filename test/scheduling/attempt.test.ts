import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NodeSnapshot } from 'mortise/scheduler'
import { builtIn, type HookCall, parseProfile, SchedulingAttempt, type SchedulerPlugin } from 'mortise/scheduling'
import { nodesNamed, podNamed, scoring, success, unschedulable } from './cluster.ts'

const nodes = new NodeSnapshot(nodesNamed('a', 'b', 'c'))
const begin = (plugins: readonly SchedulerPlugin[], pod: object = podNamed('web')): Promise<SchedulingAttempt> =>
  SchedulingAttempt.begin(parseProfile(plugins.map((plugin) => ({ plugin }))), { pod: { ...pod }, nodes })

describe('an attempt, step by step', () => {
  it('asks about the nodes that it is told, whatever the pod was nominated to', async () => {
    const nominated = { ...podNamed('web'), status: { nominatedNodeName: 'b' } }
    const all = builtIn('x', ['filter'], () => ({ filter: () => success }))
    await using attempt = await begin([all], nominated)
    assert.deepEqual((await attempt.filter()).feasible, ['b'])
    assert.deepEqual((await attempt.filter(['c', 'a'])).feasible, ['c', 'a'])
  })

  it('scores the nodes that are left', async () => {
    await using attempt = await begin([scoring('x', { a: 1, c: 3 })])
    const { totals } = await attempt.score(['a', 'c'])
    assert.deepEqual(
      [...totals],
      [
        ['a', 1],
        ['c', 3],
      ],
    )
  })

  it('has the pod bound by whoever schedules, where no plugin binds it', async () => {
    const bound: string[] = []
    const by = (name: string, code: number): SchedulerPlugin =>
      builtIn(name, ['bind', 'postBind'], () => ({
        bind: () => ({ code, reason: '' }),
        postBind: () => void bound.push(`${name} knows`),
      }))
    const binder = async (): Promise<void> => void bound.push('binder')
    await using skipped = await begin([by('x', 5)])
    assert.equal(await skipped.bind('a', binder), undefined)
    await using done = await begin([by('y', 0)])
    assert.equal(await done.bind('a', binder), undefined)
    assert.deepEqual(bound, ['binder', 'x knows', 'y knows'])
    await using refused = await begin([by('z', 2)])
    assert.deepEqual(await refused.bind('a', binder), { plugin: 'z', code: 2, reason: '' })
    assert.equal(bound.length, 3)
  })

  it('says which plugin failed, in which hook, and what it was', async () => {
    const cause = new Error('no such disk')
    const fails = builtIn('x', ['filter', 'score'], () => ({
      filter() {
        throw cause
      },
      score: () => ({ status: { code: 1, reason: 'not known' }, score: 0 }),
    }))
    await using attempt = await begin([fails])
    await assert.rejects(attempt.filter(), {
      code: 'SCHEDULING_FAILED',
      message: "Cannot schedule the pod 'default/web': the plugin 'x' failed in filter of the node 'a': no such disk",
      details: { plugin: 'x', hook: 'filter' },
      cause,
    })
    await assert.rejects(attempt.score(['b']), { message: /'x' failed in score of the node 'b': not known$/ })
  })

  it('collects the reasons of all postFilters that nominate no node', async () => {
    const after = (name: string, nominatedNode?: string): SchedulerPlugin =>
      builtIn(name, ['filter', 'postFilter'], () => ({
        filter: () => unschedulable('full'),
        postFilter: () => ({
          status: unschedulable(`${name} has no victims`),
          nominatedNode: nominatedNode ?? '',
          nominatingMode: nominatedNode === undefined ? 0 : 1,
        }),
      }))
    await using attempt = await begin([after('x'), after('y', 'b')])
    const filtered = await attempt.filter()
    assert.deepEqual(attempt.postFilter(filtered), { node: 'b', reasons: ['x has no victims', 'y has no victims'] })
  })

  it('tells an observer of every call, with what it gave', async () => {
    const calls: HookCall[] = []
    const profile = parseProfile([{ plugin: scoring('x', { a: 7 }) }])
    await using attempt = await SchedulingAttempt.begin(profile, { pod: podNamed('web'), nodes }, (call) =>
      calls.push(call),
    )
    await attempt.score(['a'])
    assert.ok(calls.every(({ milliseconds }) => milliseconds >= 0))
    assert.deepEqual(
      calls.map(({ plugin, hook, node, result, error }) => [plugin, hook, node, result, error]),
      [['x', 'score', 'a', { status: success, score: 7 }, undefined]],
    )
  })
})
