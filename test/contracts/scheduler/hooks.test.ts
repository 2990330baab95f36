import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NodeSnapshot, type SchedulerEvent, type SchedulerHooks, statusCode } from 'mortise/scheduler'
import { encodePod } from '../../../src/contracts/scheduler/kubernetes/object.ts'
import { guest, nodes, plugged, pod, reading, Texts } from '../../support/scheduler-guest.ts'
import { failure } from '../../support/wat.ts'

const most = 2 ** 31 - 1
const least = -(2 ** 31)
const extremes = [0, 1, 6, most, least, -1]
const constant = (high: number, low: number): string =>
  `(i64.const ${(BigInt(high) << 32n) | BigInt.asUintN(32, BigInt(low))})`

describe('the status of a hook', () => {
  const calls: readonly (readonly [name: string, call: (hooks: SchedulerHooks) => { readonly code: number }])[] = [
    ['prefilter', (hooks) => hooks.preFilter().status],
    ['filter', (hooks) => hooks.filter('a')],
    ['addpod', (hooks) => hooks.addPod(pod, 'a')],
    ['removepod', (hooks) => hooks.removePod(pod, 'a')],
    ['prescore', (hooks) => hooks.preScore([])],
    ['normalizescore', (hooks) => hooks.normalizeScore({}).status],
    ['reserve', (hooks) => hooks.reserve('a')],
    ['prebind', (hooks) => hooks.preBind('a')],
    ['bind', (hooks) => hooks.bind('a')],
  ]
  for (const [name, call] of calls) {
    it(`is any number of 32 bits: ${name}`, async () => {
      for (const runtime of [
        {},
        { deadline: Infinity },
        { fuel: 1000, deadline: Infinity },
        { restore: 'every-lease' as const },
      ]) {
        const code = '(i32.load (i32.const 0))'
        const bodies = { filter: '(i32.const 0)', [name]: code }
        for (const wanted of extremes) {
          const data = `(data (i32.const 0) "${[...new Uint8Array(Int32Array.of(wanted).buffer)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")`
          await using all = await plugged(guest(bodies, data), {}, {}, runtime)
          assert.deepEqual(await all.attempt(call), { code: wanted, reason: '' })
        }
      }
    })
  }

  it('and the score share 64 bits, the score above', async () => {
    for (const [score, code] of [
      [most, least],
      [least, most],
      [-1, 0],
      [0, -1],
      [100, 0],
    ] as const) {
      for (const deadline of ['1 s', Infinity]) {
        await using all = await plugged(guest({ score: constant(score, code) }), {}, {}, { deadline })
        assert.deepEqual(await all.attempt((hooks) => hooks.score('a')), { status: { code, reason: '' }, score })
      }
    }
  })

  it('and the timeout of a permit share them the other way round', async () => {
    for (const [code, timeout] of [
      [least, 2 ** 32 - 1],
      [most, 0],
      [statusCode.wait, 10_000],
    ] as const) {
      await using all = await plugged(guest({ permit: constant(code, timeout) }))
      assert.deepEqual(await all.attempt((hooks) => hooks.permit('a')), { status: { code, reason: '' }, timeout })
    }
  })

  it('and the mode of a nomination share them as a score does', async () => {
    const texts = new Texts()
    const body = `(call $nominated_node_name ${texts.put('b')}) ${constant(1, 2)}`
    await using all = await plugged(guest({ postfilter: body, filter: '(i32.const 0)' }, texts.data))
    assert.deepEqual(await all.attempt((hooks) => hooks.postFilter({ a: 2 })), {
      status: { code: 2, reason: '' },
      nominatedNode: 'b',
      nominatingMode: 1,
    })
  })

  it('has the last reason of its own call, and no other one', async () => {
    const texts = new Texts()
    const [first, last] = [texts.put('first'), texts.put('läst')]
    const bodies = {
      filter: `(call $status_reason ${first}) (call $status_reason ${last}) (i32.const 2)`,
      reserve: '(i32.const 1)',
      prescore: `(call $status_reason ${first}) (i32.const 0)`,
    }
    await using all = await plugged(guest(bodies, texts.data))
    await all.attempt((hooks) => {
      assert.deepEqual(hooks.filter('a'), { code: 2, reason: 'läst' })
      assert.deepEqual(hooks.reserve('a'), { code: 1, reason: '' })
      assert.deepEqual(hooks.preScore([]), { code: 0, reason: 'first' })
    })
  })

  it('has a reason of whatever bytes', async () => {
    const texts = new Texts()
    const bytes = texts.put(Uint8Array.of(0x61, 0xff, 0x62))
    await using all = await plugged(guest({ filter: `(call $status_reason ${bytes}) (i32.const 2)` }, texts.data))
    assert.equal((await all.attempt((hooks) => hooks.filter('a'))).reason, 'a\ufffdb')
  })
})

describe('what a hook has', () => {
  const onNode = ['filter', 'score', 'reserve', 'permit', 'prebind', 'bind'] as const

  it('is its node, by name, and the pod in all of them', async () => {
    const body = (name: string): string => {
      const both = `(local.set $n (call $currentNodeName (i32.const 4096) (i32.const 99)))
        (if (i32.ne (call $currentPod (i32.const 0) (i32.const 0)) (i32.const ${encodePod(pod).length})) (then unreachable))
        (call $status_reason (i32.const 4096) (local.get $n))`
      const given = { score: '(i64.const 0)', permit: '(i64.const 0)' }[name] ?? '(i32.const 0)'
      return `${both} ${given}`
    }
    await using all = await plugged(guest(Object.fromEntries(onNode.map((name) => [name, body(name)]))))
    await all.attempt((hooks) => {
      for (const name of ['a', 'not-there', 'a-name-that-is-much-longer-than-thirty-two-bytes.example.org', 'ä']) {
        assert.deepEqual(
          [
            hooks.filter(name),
            hooks.score(name).status,
            hooks.reserve(name),
            hooks.permit(name).status,
            hooks.preBind(name),
            hooks.bind(name),
          ].map(({ reason }) => reason),
          onNode.map(() => name),
        )
      }
    })
  })

  it('is the other pod, where it is about one', async () => {
    const bodies = { addpod: reading('targetPod'), removepod: reading('targetPod'), filter: '(i32.const 0)' }
    await using all = await plugged(guest(bodies))
    const target = { metadata: { name: 'other' } }
    await all.attempt((hooks) => {
      assert.equal(hooks.addPod(target, 'a').code, encodePod(target).length)
      assert.equal(hooks.removePod(pod, 'a').code, encodePod(pod).length)
      failure('INPUT_INVALID', () => hooks.addPod({ metadata: 1 }, 'a'))
      assert.equal(hooks.addPod(target, 'a').code, encodePod(target).length, 'the lease goes on')
    })
  })

  it('is checked before the guest is entered', async () => {
    await using all = await plugged(
      guest({ filter: 'unreachable', prescore: 'unreachable', normalizescore: 'unreachable', score: 'unreachable' }),
    )
    await all.attempt((hooks) => {
      // @ts-expect-error -- no name
      failure('INPUT_INVALID', () => hooks.filter(7))
      // @ts-expect-error -- no names
      failure('INPUT_INVALID', () => hooks.preScore([7]))
      failure('INPUT_INVALID', () => hooks.normalizeScore({ a: 1.5 }))
    })
  })
})

describe('what a guest gives', () => {
  const data = new Texts()
  const list = (text: string | Uint8Array): string => data.put(text)

  it('is the nodes that a pod may go to, each ended by a 0', async () => {
    const rows: readonly (readonly [bytes: string, names: readonly string[] | undefined])[] = [
      ['', undefined],
      ['a\0', ['a']],
      ['a\0two\0', ['a', 'two']],
      ['a\0\0two\0', ['a', 'two']],
      ['a\0two', ['a']],
      ['ä\0', ['ä']],
      ['a', undefined],
    ]
    for (const [bytes, names] of rows) {
      const texts = new Texts()
      const body = `(call $node_names ${texts.put(bytes)}) (i32.const 0)`
      await using all = await plugged(guest({ prefilter: body }, texts.data))
      assert.deepEqual((await all.attempt((hooks) => hooks.preFilter())).nodeNames, names)
    }
  })

  it('is the events that it waits for, of eight bytes each', async () => {
    const bytes = Uint8Array.from([1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 63, 0, 0, 0, 12, 0, 0, 0, 64, 0, 0, 0])
    for (const [length, resources] of [
      [7, undefined],
      [8, ['Node']],
      [15, ['Node']],
      [24, ['Node', 'storage.k8s.io/CSINode', 'EventResource(12)']],
    ] as const) {
      const texts = new Texts()
      const body = `(call $cluster_events ${texts.put(bytes.subarray(0, length))})`
      await using all = await plugged(guest({ enqueue: body, filter: '(i32.const 0)' }, texts.data))
      const { events } = all.plugin.values
      const found = events.map(({ resource }) => resource)
      if (resources !== undefined) assert.deepEqual(found, resources)
      else assert.deepEqual([found[0], found.length, events[0]?.actionType], ['Pod', 6, 63])
      assert.deepEqual(all.plugin.hooks.enqueue().length, resources?.length ?? 0)
      if (length === 24)
        assert.deepEqual(
          events.map(({ actions }) => actions.length),
          [1, 6, 0],
        )
    }
    const many = guest({ enqueue: '(call $cluster_events (i32.const 0) (i32.const 65536))', filter: '(i32.const 0)' })
    await assert.rejects(plugged(many), { code: 'GUEST_RESULT' })
  })

  it('is scores by the names of nodes, in whatever order', async () => {
    const rows: readonly (readonly [json: string, scores: readonly number[], code: number])[] = [
      ['{"b":20,"c":30,"a":10}', [10, 20, 30], 0],
      ['{"b":20,"c":30,"a":10,"x":1}', [10, 20, 30], 0],
      ['null', [1, 2, 3], 0],
      ['{}', [1, 2, 3], 0],
      ['{"a":10,"b":20}', [1, 2, 3], statusCode.error],
    ]
    for (const [json, scores, code] of rows) {
      const texts = new Texts()
      const body = `(call $normalized_score_list ${texts.put(json)}) (i32.const 0)`
      await using all = await plugged(guest({ normalizescore: body, score: '(i64.const 0)' }, texts.data))
      const { status, scores: found } = await all.attempt((hooks) => hooks.normalizeScore({ a: 1, b: 2, c: 3 }))
      assert.deepEqual([Object.values(found), status.code], [scores, code])
      if (code !== 0) assert.match(status.reason, /none of node c/)
    }
    for (const json of ['{"a":1.5}', '{"a":"1"}', '[1]', '{', '7']) {
      const texts = new Texts()
      const body = `(call $normalized_score_list ${texts.put(json)}) (i32.const 0)`
      await using all = await plugged(guest({ normalizescore: body, score: '(i64.const 0)' }, texts.data))
      await all.attempt((hooks) => failure('GUEST_RESULT', () => hooks.normalizeScore({ a: 1 })))
    }
  })

  it('is an event, with its fields in whatever case', async () => {
    const said = {
      RegardingReference: {
        Kind: 'Pod',
        APIVersion: 'v1',
        Name: 'pod-1',
        Namespace: 'test',
        UID: 'u',
        ResourceVersion: '1',
      },
      relatedreference: {},
      EVENTTYPE: 'Normal',
      Reason: 'because',
      Action: 'Continue',
      Note: '100 %s',
    }
    const texts = new Texts()
    const events: SchedulerEvent[] = []
    const source = guest({ filter: `(call $eventf ${texts.put(JSON.stringify(said))}) (i32.const 0)` }, texts.data)
    await using all = await plugged(source, { handle: { event: (event) => void events.push(event) } })
    await all.attempt((hooks) => hooks.filter('a'))
    assert.deepEqual(events, [
      {
        regarding: { kind: 'Pod', apiVersion: 'v1', name: 'pod-1', namespace: 'test', uid: 'u', resourceVersion: '1' },
        related: undefined,
        type: 'Normal',
        reason: 'because',
        action: 'Continue',
        note: '100 %s',
      },
    ])
    await using dropped = await plugged(source)
    assert.equal((await dropped.attempt((hooks) => hooks.filter('a'))).code, 0)
    const bad = new Texts()
    await using wrong = await plugged(
      guest({ filter: `(call $eventf ${bad.put('{"Note":7}')}) (i32.const 0)` }, bad.data),
    )
    await wrong.attempt((hooks) => failure('GUEST_RESULT', () => hooks.filter('a')))
    assert.equal(list(''), '(i32.const 16) (i32.const 0)')
  })
})

describe('a pod that waits', () => {
  const waiting = { metadata: { name: 'waits', uid: 'w' } }
  const handle = {
    waitingPods: {
      get: (uid: string) => (uid === 'w' ? waiting : undefined),
      reject: (uid: string) => uid === 'w',
    },
  }

  it('can be rejected, and the guest told', async () => {
    for (const [uid, told] of [
      ['w', 1],
      ['x', 0],
    ] as const) {
      const texts = new Texts()
      const body = `(i64.store (i32.const 4096) (i64.const -1))
        (call $reject_waiting_pod ${texts.put(uid)} (i32.const 4096) (i32.const 0))
        (i32.or (i32.load (i32.const 4096)) (i32.load (i32.const 4100)))`
      await using all = await plugged(guest({ filter: body }, texts.data), { handle })
      assert.equal((await all.attempt((hooks) => hooks.filter('a'))).code, told)
    }
  })

  it('can be got, where it fits', async () => {
    const size = encodePod(waiting).length
    for (const [uid, limit, first] of [
      ['w', 8192, 0x0a],
      ['w', size - 1, 0xff],
      ['x', 8192, 0],
    ] as const) {
      const texts = new Texts()
      const body = `(i64.store (i32.const 4096) (i64.const -1))
        (call $get_waiting_pod ${texts.put(uid)} (i32.const 4096) (i32.const ${limit})) (i32.load8_u (i32.const 4096))`
      await using all = await plugged(guest({ filter: body }, texts.data), { handle })
      assert.equal((await all.attempt((hooks) => hooks.filter('a'))).code, first)
    }
  })

  it('is written nowhere where there is no room in the memory, and nobody waits without a handle', async () => {
    const texts = new Texts()
    const uid = texts.put('w')
    const body = `(call $reject_waiting_pod ${uid} (i32.const 65530) (i32.const 0)) (i32.const 0)`
    await using all = await plugged(guest({ filter: body }, texts.data), { handle })
    assert.equal((await all.attempt((hooks) => hooks.filter('a'))).code, 0)
    const failing = { waitingPods: { ...handle.waitingPods, reject: () => assert.fail('the queue is closed') } }
    await using broken = await plugged(guest({ filter: body }, texts.data), { handle: failing })
    await broken.attempt((hooks) => failure('HOST_FUNCTION_FAILED', () => hooks.filter('a')))
  })
})

describe('what a guest logs', () => {
  const texts = new Texts()
  const [message, text, pairs] = [texts.put('hello\n'), texts.put('hello'), texts.put('err\0unhandled\0')]
  const odd = texts.put('a\0"q" \\ \0lines\0one\ntwo\0b\0')
  const all = [0, 1, 2, 3]
    .map(
      (severity) =>
        `(call $log (i32.const ${severity}) ${message}) (call $logs (i32.const ${severity}) ${text} ${pairs})`,
    )
    .join('\n')
  const source = guest({ filter: `${all} (i32.const 0)` }, texts.data)

  for (const [index, severity] of (['info', 'warning', 'error', 'fatal'] as const).entries()) {
    it(`is dropped below ${severity}`, async () => {
      await using logging = await plugged(source, { severity })
      await logging.attempt((hooks) => hooks.filter('a'))
      const levels = ['info', 'warn', 'error', 'error'].slice(index)
      assert.deepEqual(
        logging.lines.map(({ level, text: line, source: from, plugin }) => [level, line, from, plugin]),
        levels.flatMap((level) => [
          [level, 'hello', 'log', 'guest'],
          [level, '"hello" err="unhandled"', 'log', 'guest'],
        ]),
      )
    })
  }

  it('is quoted as Go does, with a block for several lines', async () => {
    const body = `(call $logs (i32.const 0) ${text} ${odd}) (call $logs (i32.const 0) ${message} (i32.const 0) (i32.const 0)) (i32.const 0)`
    await using logging = await plugged(guest({ filter: body }, texts.data))
    await logging.attempt((hooks) => hooks.filter('a'))
    assert.deepEqual(
      logging.lines.map(({ text: line }) => line),
      ['"hello" a="\\"q\\" \\\\ " lines=<\n\tone\n\ttwo\n > b="(MISSING)"', 'hello'],
    )
  })

  it('counts for what it may write', async () => {
    const body = `(loop $again (call $log (i32.const 0) ${message}) (br $again)) (i32.const 0)`
    await using logging = await plugged(guest({ filter: body }, texts.data), {}, { limits: { output: 1000 } })
    await logging.attempt((hooks) => failure('OUTPUT_LIMIT', () => hooks.filter('a')))
    assert.equal(logging.lines.length, 100)
  })
})

describe('an attempt', () => {
  const counting = guest({
    prefilter: '(i32.store (i32.const 0) (i32.const 0)) (i32.const 0)',
    filter: '(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (i32.load (i32.const 0))',
    unreserve: '(if (i32.eqz (i32.load (i32.const 0))) (then unreachable))',
    bind: '(i32.load (i32.const 0))',
    postbind: 'unreachable',
  })

  it('has an instance of its own to the end, while others are under way', async () => {
    await using all = await plugged(counting)
    const { plugin } = all
    const [one, other] = [await plugin.lease({ pod, nodes }), await plugin.lease({ pod, nodes })]
    one.hooks.preFilter()
    other.hooks.preFilter()
    assert.deepEqual(
      [1, 2, 3].map(() => one.hooks.filter('a').code),
      [1, 2, 3],
    )
    failure('TRAP_UNREACHABLE', () => other.hooks.unreserve('a'))
    one.hooks.unreserve('a')
    assert.equal(one.hooks.bind('a').code, 3)
    failure('LEASE_FAILED', () => other.hooks.bind('a'))
    await one.end()
    await other.end()
    assert.equal(plugin.stats().instances, 2)
    for (let attempts = 0; attempts < 20; attempts++)
      await all.attempt((hooks) => failure('TRAP_UNREACHABLE', () => hooks.postBind('a')))
    assert.equal(plugin.stats().instances, 2)
  })

  it('is over when a call takes too long, and the next one goes on', async () => {
    const source = guest({ filter: '(loop $again (br $again)) (i32.const 0)', bind: '(i32.const 0)' })
    await using all = await plugged(source, { strict: true }, { limits: { deadline: '20 ms' } })
    await all.attempt((hooks) => {
      const { message } = failure('DEADLINE', () => hooks.filter('a'))
      assert.equal(message, 'wasm: filter error: module closed with context deadline exceeded')
      failure('LEASE_FAILED', () => hooks.bind('a'))
    })
    assert.equal((await all.attempt((hooks) => hooks.bind('a'))).code, 0)
    assert.deepEqual(all.plugin.stats().hooks['filter'], { calls: 1, errors: { DEADLINE: 1 }, seconds: undefined })
  })

  it('sees the nodes that it was given, and no others', async () => {
    const texts = new Texts()
    const source = guest({ filter: reading('nodeImageStates', 8192, texts.put('a')) }, texts.data)
    await using all = await plugged(source)
    const other = new NodeSnapshot([{ metadata: { name: 'a' } }])
    const [first, second] = [
      await all.attempt((hooks) => hooks.filter('a').reason),
      await all.attempt((hooks) => hooks.filter('a').reason, { pod, nodes: other }),
    ]
    assert.deepEqual([first.length > 2, second], [true, '{}'])
  })
})
