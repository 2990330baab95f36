import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodePod, type KubernetesObject } from '../../src/contracts/scheduler/kubernetes/object.ts'
import { buildText } from '../support/guest.ts'
import { ReferenceScheduler } from '../support/reference-scheduler.ts'
import { node, plugin, pod } from '../support/scheduler-plugin.ts'

const hooks = [
  'prefilter',
  'filter',
  'postfilter',
  'prescore',
  'score',
  'normalizescore',
  'reserve',
  'permit',
  'prebind',
  'bind',
]
describe('a plugin of a scheduler', () => {
  it('exports the hooks that it has, and what an attempt begins with', async () => {
    const none = await plugin(`export class P { score(): i32 { return 7 } }`)
    assert.deepEqual(none.hooks.toSorted(), ['prefilter', 'score'])
    assert.deepEqual([none.call('prefilter'), none.halves('score')], [0, [7, 0]])
    const reserving = await plugin(`export class P { unreserve(): void {} removePod(): void {} filter(): void {} }`)
    assert.deepEqual(reserving.hooks.toSorted(), ['addpod', 'filter', 'prefilter', 'removepod', 'reserve', 'unreserve'])
    assert.deepEqual([reserving.call('reserve'), reserving.call('addpod')], [0, 0])
    assert.deepEqual([...reserving.calls], [])
  })

  it('says its status and why in every hook', async () => {
    const guest = await plugin(
      `
      import { PostFilterResult, Status, config, fail } from 'tenon/scheduler'
      function status(): Status | null {
        const code = <i32>config.integer('code')
        return code == 0 ? null : Status.of(code, config.text('reason'))
      }
      export class P {
        preFilter(): Status | null { return status() }
        filter(): Status | null { return status() }
        postFilter(): Status | null { return status() }
        preScore(): Status | null { return status() }
        score(): i32 { return fail<i32>(status()!) }
        normalizeScore(): Status | null { return status() }
        reserve(): Status | null { return status() }
        permit(): Status | null { return status() }
        preBind(): Status | null { return status() }
        bind(): Status | null { return status() }
      }`,
      { config: '{"code":-2147483648,"reason":"because ☃ of\\u0020it"}' },
    )
    for (const hook of hooks) {
      const result = guest.call(hook)
      const code = Number(BigInt.asIntN(32, BigInt(result) >> (hook === 'permit' ? 32n : 0n)))
      assert.equal(code, -(2 ** 31), hook)
      const said = guest.said()
      assert.ok(said.includes('reason because ☃ of it'), hook)
      assert.equal(said.length, hook === 'postfilter' ? 2 : 1, hook)
    }
  })

  it('packs what a hook has to say beside its status', async () => {
    const guest = await plugin(`
      import { CycleState, NodeStatuses, Pod, PostFilterResult, Status, Text, fail } from 'tenon/scheduler'
      export class P {
        preFilter(state: CycleState, pod: Pod): string[] | null {
          const name = pod.metadata.name
          if (name.equals('all')) return null
          if (name.equals('none')) return []
          return name.equals('bad') ? fail<string[] | null>(Status.error('bad')) : ['a', 'ü', '']
        }
        filter(): void {}
        postFilter(state: CycleState, pod: Pod, statuses: NodeStatuses): PostFilterResult {
          const good = statuses.get('good-node')
          if (good !== null && good.code == 0) return PostFilterResult.nominate('good-node')
          return PostFilterResult.failed(Status.unresolvable('good-node is unschedulable'), 'good-node')
        }
        score(): i32 { return -1 }
        permit(state: CycleState, pod: Pod, nodeName: Text): Status | null {
          if (nodeName.equals('wait')) return Status.wait(0xffffffff, 'name is wait')
          return nodeName.equals('bad') ? Status.error('name is bad') : null
        }
      }`)
    for (const [name, code, said] of [
      ['some', 0, ['names a ü']],
      ['all', 0, []],
      ['none', 3, ['reason the plugin leaves no node for the pod']],
      ['bad', 1, ['reason bad']],
    ] as const) {
      guest.cluster = { pod: { metadata: { name } } }
      assert.deepEqual([guest.call('prefilter'), guest.said()], [code, said])
    }
    assert.equal(guest.call('score'), -(1n << 32n))
    assert.deepEqual([guest.halves('permit', 'wait'), guest.said()], [[4, -1], ['reason name is wait']])
    assert.deepEqual([guest.halves('permit', 'bad'), guest.said()], [[1, 0], ['reason name is bad']])
    assert.deepEqual([guest.halves('permit', 'good'), guest.said()], [[0, 0], []])
    guest.cluster = { statuses: '{"other":2,"good-node":0}' }
    assert.deepEqual([guest.halves('postfilter'), guest.said()], [[1, 0], ['nominated good-node']])
    guest.cluster = { statuses: '{}' }
    assert.deepEqual(guest.halves('postfilter'), [0, 3])
    assert.deepEqual(guest.said(), ['reason good-node is unschedulable', 'nominated good-node'])
  })

  it('has a state that lasts for one attempt, and a memory that does not grow from one to the next', async () => {
    for (const gc of ['minimal', 'incremental'] as const) {
      const guest = await plugin(
        `
        import { CycleState, NodeInfo, NodeInfoList, Pod, StateData, Status, Text } from 'tenon/scheduler'
        class Names extends StateData { all: string[] = [] }
        class Other extends StateData {}
        export class P {
          attempts: i32 = 0
          preFilter(state: CycleState, pod: Pod): Status | null {
            if (state.read<Names>('names') !== null) return Status.error('it is there')
            state.write('names', new Other())
            state.write('names', new Names())
            state.write('gone', new Other())
            state.delete('gone')
            state.delete('gone')
            this.attempts++
            return state.read<Other>('gone') === null ? null : Status.error('it is not gone')
          }
          filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
            state.read<Names>('names')!.all.push(nodeInfo.name.toString() + nodeInfo.node.metadata.uid.toString())
            return null
          }
          reserve(state: CycleState, pod: Pod, nodeName: Text): Status | null {
            return Status.of(9, this.attempts.toString() + ' ' + state.read<Names>('names')!.all.join())
          }
          bind(state: CycleState): Status | null {
            state.read<Other>('names')
            return null
          }
        }`,
        { gc },
      )
      guest.cluster = { pod, nodes: [node('n1', { uid: 'x'.repeat(5000) }), node('n2')] }
      let pages = 0
      for (let attempt = 1; attempt <= 400; attempt++) {
        assert.equal(guest.call('prefilter'), 0)
        for (const name of ['n1', 'n2', 'n3']) assert.equal(guest.call('filter', name), 0)
        assert.equal(guest.call('reserve'), 9)
        assert.deepEqual(guest.said(), [`reason ${attempt} n1${'x'.repeat(5000)},n2,n3`])
        if (attempt === 100) ({ pages } = guest)
      }
      assert.equal(guest.pages, pages, gc)
      assert.throws(
        () => guest.call('bind'),
        /^Error: panic: what the cycle state has of 'names' is of another class \(/,
      )
    }
  })

  it('sends scores that it changed, and no others', async () => {
    const guest = await plugin(`
      import { CycleState, NodeScores, Pod, Status } from 'tenon/scheduler'
      export class P {
        score(): i32 { return 1 }
        normalizeScore(state: CycleState, pod: Pod, scores: NodeScores): Status | null {
          for (let i = 0; i < scores.length; i++) if (scores[i].score < 0) scores[i].score = -scores[i].score * 3
          return scores.get('bad') === null ? null : Status.error('bad')
        }
      }`)
    for (const [scores, code, said] of [
      ['{"a":1,"b":2}', 0, []],
      ['{}', 0, []],
      ['{ "q\\"\\\\\\n" : -3 , "b" : 2 }', 0, ['scores {"q\\"\\\\\\u000a":9,"b":2}']],
      ['{"a":-9223372036854775807}', 0, ['scores {"a":9223372036854775805}']],
      ['{"bad":-1}', 1, ['reason bad']],
    ] as const) {
      guest.cluster = { pod, scores }
      assert.deepEqual([guest.call('normalizescore'), guest.said()], [code, said])
    }
  })

  it('logs what is important enough, with pairs that stay pairs', async () => {
    const source = `
      import { CycleState, Pod, Severity, klog } from 'tenon/scheduler'
      export class P {
        filter(state: CycleState, pod: Pod): void {
          klog.info('info')
          klog.infoS('none')
          klog.infoS('pairs', ['pod', klog.kObj(pod.metadata), 'empty', '', 'zero', 'a\\0b\\0', 'odd'])
          klog.error('error')
          klog.errorS('', 'failed', ['a', 'b'])
          if (klog.isEnabled(Severity.Warning)) klog.info('unheard')
        }
      }`
    const loud = await plugin(source)
    const quiet = await plugin(source, { severity: 2 })
    const logs = (guest: ReferenceScheduler): readonly string[] => {
      guest.cluster = { pod }
      guest.call('filter')
      return guest.said()
    }
    const errors = ['log 2 error\n', 'logs 2 failed ["err","<none>","a","b"]']
    assert.deepEqual(logs(loud), [
      'log 0 info\n',
      'log 0 none',
      'logs 0 pairs ["pod","shop/web-0","empty","<none>","zero","a\uFFFDb\uFFFD","odd","<none>"]',
      ...errors,
      'log 0 unheard\n',
    ])
    assert.deepEqual(logs(quiet), errors)
    assert.equal(quiet.calls.get('severity'), 1)
  })

  it('registers events, and records some about pods and nodes', async () => {
    const guest = await plugin(`
      import { Action, ClusterEvent, CycleState, NodeInfo, ObjectReference, Pod, Resource, events } from 'tenon/scheduler'
      export class P {
        enqueue(): ClusterEvent[] {
          return [new ClusterEvent(Resource.Node, Action.Add), new ClusterEvent(Resource.Any, Action.All)]
        }
        filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): void {
          events.record(ObjectReference.pod(pod), null, 'Normal', 'R"', 'A\\\\', 'a\\tnote: 100% 😀')
          events.record(ObjectReference.node(nodeInfo.node), ObjectReference.pod(pod), 'Warning', '', '', '')
        }
      }`)
    guest.call('enqueue')
    assert.deepEqual(guest.said(), ['events 1 1 10 63'])
    guest.cluster = { pod, nodes: [node('n1')] }
    guest.call('filter', 'n1')
    const empty = { Kind: '', APIVersion: '', Name: '', Namespace: '', UID: '', ResourceVersion: '' }
    const regarding = { ...empty, Kind: 'Pod', APIVersion: 'v1', Name: 'web-0', Namespace: 'shop', UID: 'u-1' }
    const [first, second] = guest.said().map((line): unknown => JSON.parse(line.replace(/^event /, '')))
    assert.deepEqual(first, {
      RegardingReference: regarding,
      RelatedReference: empty,
      Eventtype: 'Normal',
      Reason: 'R"',
      Action: 'A\\',
      Note: 'a\tnote: 100% 😀',
    })
    assert.deepEqual(second, {
      RegardingReference: { ...empty, Kind: 'Node', APIVersion: 'v1', Name: 'n1' },
      RelatedReference: regarding,
      Eventtype: 'Warning',
      Reason: '',
      Action: '',
      Note: '',
    })
  })

  it('gets and rejects pods that wait, however large they are', async () => {
    const guest = await plugin(`
      import { CycleState, NodeInfo, Pod, Status, waitingPods } from 'tenon/scheduler'
      export class P {
        filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): Status | null {
          const uid = nodeInfo.name
          const found = waitingPods.get(uid)
          return Status.error((found === null ? 'none' : found.metadata.name.toString() + ' ' + found.status.phase.toString() + ' ' +
            found.byteLength.toString()) + (waitingPods.reject(uid.toString()) ? ' rejected' : ''))
        }
      }`)
    const waiting = (size: number): KubernetesObject => ({
      ...pod,
      status: { phase: 'Pending', message: 'x'.repeat(size) },
    })
    guest.cluster = { pod, waiting: { small: waiting(0), large: waiting(20_000) } }
    for (const [uid, said] of [
      ['small', `web-0 Pending ${encodePod(waiting(0)).length} rejected`],
      ['large', `web-0 Pending ${encodePod(waiting(20_000)).length} rejected`],
      ['gone', 'none'],
    ] as const) {
      guest.call('filter', uid)
      assert.deepEqual(guest.said(), [`reason ${said}`])
    }
  })

  it('reads its configuration once, and says what is wrong with it', async () => {
    const wasm = await buildText(`
      import { Status, config } from 'tenon/scheduler'
      export class P {
        readonly reverse: bool = config.flag('reverse')
        filter(): Status | null {
          const raw = config.raw()
          return Status.error((this.reverse ? 'reverse ' : '') + config.integer('n', 7).toString() + ' ' + config.number('f').toString() +
            ' ' + config.text('t', 'none') + (config.has('n') ? ' has n ' : ' ') + (raw === null ? 'null' : raw.length.toString()))
        }
      }`)
    const said = (config?: string): string | undefined => {
      const guest = new ReferenceScheduler(wasm, config)
      guest.call('filter')
      assert.equal(guest.calls.get('get_config'), config !== undefined && config.length > 256 ? 2 : 1)
      return guest.said()[0]
    }
    assert.equal(said(), 'reason 7 0.0 none null')
    assert.equal(
      said('{"reverse":true,"n":-12,"f":2.5e2,"t":"\\u00e9\\n","x":[{"y":null}]}'),
      'reason reverse -12 250.0 é\n has n 66',
    )
    assert.equal(said(`{"n":null,"t":"${'é'.repeat(300)}"}`), `reason 7 0.0 ${'é'.repeat(300)} 317`)
    for (const [config, sentence] of [
      ['{bad', /panic: the configuration is not as it should be at byte 1 \(/],
      ['{"reverse":1}', /panic: the configuration, at 'reverse', is not as it should be at byte 12 \(/],
      ['{"reverse":true} x', /is not as it should be at byte 17/],
      ['{"n":01}', /is not as it should be at byte 6/],
      [`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`, /is not as it should be/],
      ['yes', /panic: the configuration, at 'reverse', is not as it should be at byte 0 /],
    ] as const)
      assert.throws(() => new ReferenceScheduler(wasm, config), sentence)
  })

  it('ends with a message where it is full', async () => {
    const guest = await plugin(`
      export class P { filter(): void { for (;;) heap.alloc(1 << 29) } }`)
    assert.throws(() => guest.call('filter'), /^Error: panic: runtime error: out of memory\n$/)
  })
})
