import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NodeSnapshot, type SchedulerEvent } from 'mortise/scheduler'
import { type HookCall, parseProfile, SchedulingAttempt, type SchedulerPlugin } from 'mortise/scheduling'
import { threaded, type ThreadedOptions } from 'mortise/scheduling/threads'
import { guest, plugged, reading, Texts } from '../support/scheduler-guest.ts'
import { rejection } from '../support/wat.ts'

const nodes = new NodeSnapshot(
  Array.from({ length: 300 }, (_, index) => ({ metadata: { name: `node-${index}`, labels: { index: `${index}` } } })),
)
const pod = { metadata: { name: 'pod-7', uid: 'u' } }

/** Decides by the digits of the node's name, and by what preFilter and preScore have left; it takes its time for each node. */
const digits = `(func $digits (result i32) (local $n i32) (local $at i32) (local $sum i32) (local $turns i32)
  (local.set $n (call $currentNodeName (i32.const 4096) (i32.const 99)))
  (local.set $at (i32.const 5))
  (block $done (loop $more
    (br_if $done (i32.ge_u (local.get $at) (local.get $n)))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 10))
      (i32.sub (i32.load8_u offset=4096 (local.get $at)) (i32.const 48))))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (br $more)))
  (loop $spin (br_if $spin (i32.lt_u (local.tee $turns (i32.add (local.get $turns) (i32.const 1))) (i32.const 30000))))
  (local.get $sum))`
const texts = new Texts()
const odd = texts.put('it is odd')
const source = guest(
  {
    prefilter: '(i32.store (i32.const 0) (i32.const 3)) (i32.store (i32.const 4) (i32.const 0)) (i32.const 0)',
    prescore: '(i32.store (i32.const 4) (call $filteredNodeList (i32.const 4096) (i32.const 0))) (i32.const 0)',
    filter: `(local.set $n (i32.rem_u (call $digits) (i32.load (i32.const 0))))
      (if (i32.eq (local.get $n) (i32.const 1)) (then (call $status_reason ${odd})))
      (select (i32.const 2) (i32.const 0) (i32.eq (local.get $n) (i32.const 1)))`,
    score: `(i64.shl (i64.extend_i32_u (i32.rem_u (i32.add (call $digits) (i32.load (i32.const 4))) (i32.const 101))) (i64.const 32))`,
  },
  `${digits} ${texts.data}`,
)

async function run(plugin: SchedulerPlugin, calls: HookCall[] = []): Promise<unknown> {
  await using attempt = await SchedulingAttempt.begin(parseProfile([{ plugin }]), { pod, nodes }, (call) =>
    calls.push(call),
  )
  const { feasible, refused } = await attempt.filter()
  return { feasible, refused, scored: await attempt.score(feasible) }
}

const always: ThreadedOptions = { threads: 2, worth: 0 }

describe('a plugin on threads', () => {
  it('filters and scores as it does on one', async () => {
    await using alone = await plugged(source)
    await using together = await threaded('guest', source, always)
    const wanted = await run(alone.plugin)
    for (let attempts = 0; attempts < 3; attempts++) {
      const calls: HookCall[] = []
      assert.deepEqual(await run(together, calls), wanted)
      assert.equal(calls.filter(({ hook }) => hook === 'filter').length, 300)
    }
    assert.deepEqual(together.values.hooks, alone.plugin.values.hooks)
  })

  it('has several attempts under way, each with what it has seen', async () => {
    await using alone = await plugged(source)
    await using together = await threaded('guest', source, always)
    const wanted = await run(alone.plugin)
    for (const found of await Promise.all(Array.from({ length: 4 }, () => run(together))))
      assert.deepEqual(found, wanted)
  })

  it('gives the nodes of each snapshot, however many there have been', async () => {
    const lengths = guest({
      filter: reading('node', 8192, '(i32.const 4096) (call $currentNodeName (i32.const 4096) (i32.const 99))'),
    })
    await using together = await threaded('guest', lengths, always)
    for (const extra of ['', 'x', 'xx', 'xxx']) {
      const snapshot = new NodeSnapshot(nodes.names.map((name) => ({ metadata: { name, uid: extra } })))
      const lease = await together.lease({ pod, nodes: snapshot })
      const codes = (await lease.filterAll?.(nodes.names))?.map(({ code }) => code)
      assert.deepEqual(
        codes,
        nodes.names.map((name) => snapshot.encoded(name).length),
      )
      await lease[Symbol.asyncDispose]()
    }
  })

  it('fails as it does on one thread, wherever the call was made', async () => {
    const more = `${digits} ${texts.data}`
    for (const bad of [3, 150, 299]) {
      const filter = `(if (i32.eq (call $digits) (i32.const ${bad})) (then unreachable)) (i32.const 0)`
      const failing = guest({ filter }, more)
      await using together = await threaded('guest', failing, always)
      const lease = await together.lease({ pod, nodes })
      await rejection('TRAP_UNREACHABLE', lease.filterAll?.(nodes.names) ?? Promise.resolve())
      await lease[Symbol.asyncDispose]()
      const profile = parseProfile([{ plugin: together }])
      await using attempt = await SchedulingAttempt.begin(profile, { pod, nodes })
      await rejection('SCHEDULING_FAILED', attempt.filter())
    }
  })

  it('says once what it says', async () => {
    const words = new Texts()
    const event = words.put('{"Reason":"because"}')
    const text = words.put('hello')
    const bodies = {
      enqueue: `(call $log (i32.const 0) ${text})`,
      prefilter: `(call $log (i32.const 0) ${text}) (call $eventf ${event}) (i32.const 0)`,
      filter: `(call $log (i32.const 0) ${text}) (call $eventf ${event}) (call $digits)`,
    }
    const [lines, events]: [string[], SchedulerEvent[]] = [[], []]
    await using together = await threaded('guest', guest(bodies, `${digits} ${words.data}`), {
      ...always,
      log: (line) => lines.push(line.text),
      scheduler: { handle: { event: (said) => void events.push(said) } },
    })
    const lease = await together.lease({ pod, nodes })
    lease.hooks.preFilter()
    assert.equal((await lease.filterAll?.(nodes.names))?.length, 300)
    await lease[Symbol.asyncDispose]()
    assert.deepEqual([lines.length, events.length], [302, 301])
  })

  it('is one thread where that is as quick', async () => {
    await using together = await threaded('guest', source, { threads: 1, worth: '10 s' })
    await using alone = await plugged(source)
    assert.deepEqual(await run(together), await run(alone.plugin))
  })

  it('takes only options that exist, and guests that fit', async () => {
    await rejection('OPTION_INVALID', threaded('guest', source, { threads: 0 }))
    const waitingPods = { get: () => undefined, reject: () => false }
    await rejection('OPTION_INVALID', threaded('guest', source, { scheduler: { handle: { waitingPods } } }))
    await rejection('MODULE_REFUSED', threaded('guest', guest({}), always))
  })
})
