import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Mortise, type Source } from 'mortise'
import { NodeSnapshot, scheduler } from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'
import { cases } from '../../bench/languages/cases.ts'
import { encodePod } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { compileGuest, compilerMissing } from '../support/compilers.ts'
import { buildText } from '../support/guest.ts'
import { ReferenceScheduler } from '../support/reference-scheduler.ts'

/*
 * The document "Go Guest SDK" of kube-scheduler-wasm-extension, which says why guests of a scheduler are written in TinyGo and not in Go: what
 * it finds missing is there, in guests by tenon and in guests by today's Go. Its times are rows of `npm run bench -- languages` and `-- scheduler`.
 */

/** A plugin that keeps something for the life of its instance, and something for one attempt. */
const counting = `
  import { CycleState, NodeInfo, Pod, StateData, Status } from 'tenon/scheduler'
  class Digit extends StateData { constructor(readonly value: u8) { super() } }
  export class Counting {
    attempts: i32 = 0
    preFilter(state: CycleState, pod: Pod): Status | null {
      this.attempts++
      const name = pod.metadata.name
      state.write('digit', new Digit(name[name.byteLength - 1]))
      return null
    }
    filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
      const name = nodeInfo.name
      return name[name.byteLength - 1] == state.read<Digit>('digit')!.value ? null : Status.unschedulable('another digit')
    }
    score(): i32 { return this.attempts }
    bind(state: CycleState, pod: Pod): Status | null { return Status.error(pod.spec.nodeName.toString()) }
  }`
const go = await compilerMissing('go')

describe('Go Guest SDK', () => {
  let host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
  before(() => {
    host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
  })
  after(() => host.close())
  const nodes = new NodeSnapshot([{ metadata: { name: 'node-1' } }, { metadata: { name: 'node-7' } }])
  const lease = async (name: string, source: Source, pod: string) => {
    const plugin = await host.plug(name, source, scheduler())
    return plugin.lease({ pod: { metadata: { name: pod } }, nodes })
  }

  it('Plugins can implement multiple hooks: each is a function that the guest exports', async () => {
    const module = new WebAssembly.Module(Uint8Array.from(await buildText(counting)))
    const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name))
    for (const hook of ['prefilter', 'filter', 'score', 'bind']) assert.ok(names.has(hook), hook)
    await using attempt = await lease('counting', await buildText(counting), 'pod-7')
    attempt.hooks.preFilter()
    assert.deepEqual(attempt.hooks.filter('node-7').code, 0)
    assert.deepEqual(attempt.hooks.filter('node-1'), { code: 2, reason: 'another digit' })
  })

  it('standard Go exports functions today: its guest is a plugin like any other', { skip: go }, async () => {
    const source = new URL('../../bench/languages/guest/node-number.go', import.meta.url)
    await using attempt = await lease('go', await compileGuest('go', source), 'pod-7')
    assert.deepEqual(attempt.hooks.preFilter().status.code, 0)
    attempt.hooks.preScore(nodes.names)
    assert.deepEqual(
      nodes.names.map((name) => attempt.hooks.score(name).score),
      [0, 10],
    )
  })

  it('the memory is not recreated for each hook: what a plugin keeps is there in the next one, and in the next attempt', async () => {
    const guest = new ReferenceScheduler(await buildText(counting))
    for (let attempt = 1; attempt <= 3; attempt++) {
      guest.cluster = { pod: { metadata: { name: `pod-${attempt}` } } }
      guest.call('prefilter')
      assert.deepEqual(
        [1, 2, 3].map((digit) => guest.call('filter', `node-${digit}`) === 0),
        [1, 2, 3].map((digit) => digit === attempt),
      )
      assert.deepEqual(guest.halves('score'), [attempt, 0])
    }
  })

  it('decoding a message takes no longer than what is read of it: the rest may be anything', async () => {
    const guest = new ReferenceScheduler(await buildText(counting))
    const pod = encodePod({ metadata: { name: 'pod-7' } })
    // A field of 4 GiB begins right behind the metadata.
    const broken = Buffer.concat([
      pod.subarray(0, 2 + (pod[1] ?? 0)),
      Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]),
    ])
    guest.cluster = { pod: broken }
    assert.equal(guest.call('prefilter'), 0)
    assert.equal(guest.call('filter', 'node-7'), 0)
    assert.throws(() => guest.call('bind'), /^Error: panic: the host gave an object that is no protobuf/)
  })

  it('its times are measured: a new instance for a hook, in three languages', () => {
    assert.deepEqual(Object.keys(cases), ['load', 'instance', 'attempt'])
  })
})
