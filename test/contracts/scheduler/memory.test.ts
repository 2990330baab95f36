import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NodeSnapshot, type SchedulerHooks, scheduler } from 'mortise/scheduler'
import { encodeNode, encodeNodeList, encodePod } from '../../../src/contracts/scheduler/kubernetes/object.ts'
import { guest, nodes, plugged, pod, reading, Texts } from '../../support/scheduler-guest.ts'
import { failure, rejection } from '../../support/wat.ts'

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const target = { metadata: { name: 'target' } }
const nodeA = nodes.get('a')
const nodeB = nodes.get('b')
assert(nodeA !== undefined && nodeB !== undefined)

interface Read {
  readonly name: string
  /** Arguments before the buffer. */
  readonly args?: string
  readonly hook?: string
  readonly text: string
  /** Out of range is silently ignored. */
  readonly silent?: true
}

const texts = new Texts()
const [nameOfA, unknown] = [texts.put('a'), texts.put('nobody')]

/** Every function that gives the guest something, in a hook that has it. */
const reads: readonly Read[] = [
  { name: 'currentPod', text: utf8(encodePod(pod)) },
  { name: 'targetPod', hook: 'addpod', text: utf8(encodePod(target)) },
  { name: 'node', args: nameOfA, text: utf8(encodeNode(nodeA)) },
  { name: 'nodeList', text: utf8(encodeNodeList([nodeA, nodeB])) },
  { name: 'currentNodeName', text: 'a', silent: true },
  { name: 'get_config', text: '{"ä":1}', silent: true },
  { name: 'filteredNodeList', hook: 'prescore', text: '["b","a\\u003c"]', silent: true },
  { name: 'nodeToStatusMap', hook: 'postfilter', text: '{"10":2,"9":-1,"a\\u0026":3}', silent: true },
  { name: 'nodeScoreList', hook: 'normalizescore', text: '{"a":5,"b":-7}', silent: true },
  {
    name: 'nodeImageStates',
    args: nameOfA,
    text: '{"one":{"Size":5,"NumNodes":2},"uno":{"Size":5,"NumNodes":1}}',
    silent: true,
  },
]

/** Calls the one hook that the guest has; its status. */
function call(hooks: SchedulerHooks, hook = 'filter'): { readonly code: number; readonly reason: string } {
  if (hook === 'addpod') return hooks.addPod(target, 'a')
  if (hook === 'prescore') return hooks.preScore(['b', 'a<'])
  if (hook === 'postfilter') return hooks.postFilter({ 9: -1, 10: 2, 'a&': 3 }).status
  if (hook === 'normalizescore') return hooks.normalizeScore({ b: -7, a: 5 }).status
  return hooks.filter('a')
}

const widened = (hook: string, body: string): string => (hook === 'postfilter' ? `${body} (i64.extend_i32_u)` : body)
const made = (hook: string, body: string): Uint8Array => {
  const bodies = { [hook]: widened(hook, body), ...(hook !== 'filter' && { filter: '(i32.const 0)' }) }
  return guest(bodies, texts.data)
}
const config = '{"ä":1}'

describe('a function that gives the guest something', () => {
  for (const { name, args = '', hook = 'filter', text, silent } of reads) {
    const size = Buffer.byteLength(text)
    const whole = name === 'currentPod' ? encodePod(pod).length : undefined

    it(`${name} writes it where it fits, to the byte`, async () => {
      await using all = await plugged(made(hook, reading(name, 8192, args)), { config })
      const { code, reason } = await all.attempt((hooks) => call(hooks, hook))
      assert.equal(reason, text)
      if (whole !== undefined) assert.equal(code, whole)
      else if (silent === true) assert.equal(code, size)
    })

    it(`${name} writes nothing where it does not, and says how much it is`, async () => {
      const short = `(i32.store (i32.const 4096) (i32.const 0x21212121))
        (local.set $n (call $${name} ${args} (i32.const 4096) (i32.const 0)))
        (call $status_reason (i32.const 4096) (i32.const 4)) (local.get $n)`
      await using all = await plugged(made(hook, short), { config })
      await using exact = await plugged(made(hook, reading(name, 8192, args)), { config })
      const [{ code, reason }, full] = [
        await all.attempt((hooks) => call(hooks, hook)),
        await exact.attempt((hooks) => call(hooks, hook)),
      ]
      assert.deepEqual([code, reason], [full.code, '!!!!'])
      await using minus = await plugged(made(hook, reading(name, full.code - 1, args)), { config })
      assert.deepEqual(await minus.attempt((hooks) => call(hooks, hook)), { code: full.code, reason: '' })
      await using just = await plugged(made(hook, reading(name, full.code, args)), { config })
      assert.deepEqual(await just.attempt((hooks) => call(hooks, hook)), full)
    })

    it(`${name} ${silent === true ? 'says how much it is' : 'ends the call'} where the buffer is outside the memory`, async () => {
      for (const strict of [false, true]) {
        const outside = `(call $${name} ${args} (i32.const 65535) (i32.const -1))`
        await using all = await plugged(made(hook, outside), { config, strict })
        if (silent === true && size > 1) {
          assert.deepEqual(await all.attempt((hooks) => call(hooks, hook)), { code: size, reason: '' })
        } else if (silent !== true) {
          const { message } = await all.attempt((hooks) => failure('GUEST_POINTER', () => call(hooks, hook)))
          if (!strict) assert.match(message, /bytes at 65535 are not in its memory of 65536 bytes/)
          else
            assert.match(
              message,
              /^wasm: \w+ error: out of memory \(recovered by wazero\)\nwasm stack trace:\n\tk8s\.io/,
            )
        }
      }
    })
  }

  it('gives nothing where there is nothing', async () => {
    const sizes: readonly (readonly [body: string, size: number])[] = [
      [`(call $node ${unknown} (i32.const 4096) (i32.const 99))`, 0],
      ['(call $targetPod (i32.const 4096) (i32.const 99))', 0],
      ['(call $get_config (i32.const 4096) (i32.const 99))', 0],
      ['(call $filteredNodeList (i32.const 4096) (i32.const 99))', 2],
      ['(call $nodeToStatusMap (i32.const 4096) (i32.const 99))', 2],
      ['(call $nodeScoreList (i32.const 4096) (i32.const 99))', 2],
      [`(call $nodeImageStates ${unknown} (i32.const 4096) (i32.const 99))`, 4],
    ]
    for (const [body, size] of sizes) {
      await using all = await plugged(guest({ filter: body }, texts.data))
      assert.equal((await all.attempt((hooks) => hooks.filter('a'))).code, size, body)
    }
    await using list = await plugged(guest({ filter: reading('nodeList') }))
    const nobody = { pod, nodes: new NodeSnapshot([]) }
    assert.equal((await list.attempt((hooks) => hooks.filter('a'), nobody)).code, 8)
    await using name = await plugged(guest({ prefilter: reading('currentNodeName'), filter: '(i32.const 0)' }))
    assert.equal((await name.attempt((hooks) => hooks.preFilter())).status.code, 0)
  })

  it('belongs to a hook', async () => {
    for (const name of ['currentPod', 'currentNodeName', 'targetPod', 'filteredNodeList', 'nodeToStatusMap']) {
      const start = `(func (export "_start") (drop (call $${name} (i32.const 0) (i32.const 0))))`
      await rejection('ATTEMPT_ABSENT', plugged(guest({ filter: '(i32.const 0)' }, start)))
    }
    const start = `(func (export "_start")
      (if (i32.ne (call $get_config (i32.const 0) (i32.const 99)) (i32.const 2)) (then unreachable))
      (if (i32.ne (call $severity) (i32.const 2)) (then unreachable))
      (if (i32.ne (call $nodeList (i32.const 0) (i32.const 0)) (i32.const 8)) (then unreachable)))`
    await using all = await plugged(guest({ filter: '(i32.const 0)' }, start), { config: '{}', severity: 'error' })
    assert.deepEqual(all.plugin.values.hooks, ['filter'])
    failure('ATTEMPT_ABSENT', () => all.plugin.hooks.filter('a'))
  })
})

describe('a function that reads from the guest', () => {
  const outside = '(i32.const 65530) (i32.const 7)'
  const rows: readonly (readonly [call: string, said: string])[] = [
    [`(drop (call $node ${outside} (i32.const 0) (i32.const 0)))`, 'reading nodeName'],
    [`(drop (call $nodeImageStates ${outside} (i32.const 0) (i32.const 0)))`, 'reading nodeName'],
    [`(call $cluster_events ${outside})`, 'reading clusterEvents'],
    [`(call $node_names ${outside})`, 'reading nodeNames'],
    [`(call $nominated_node_name ${outside})`, 'reading nominatedNodeName'],
    [`(call $normalized_score_list ${outside})`, 'reading normalized score list'],
    [`(call $eventf ${outside})`, 'reading eventrecorder event'],
    [`(call $reject_waiting_pod ${outside} (i32.const 0) (i32.const 8))`, 'reading rejectWaitingPod'],
    [`(call $get_waiting_pod ${outside} (i32.const 0) (i32.const 8))`, 'reading getWaitingPod'],
  ]
  for (const [body, said] of rows) {
    it(`ends the call where that is outside the memory: ${said}`, async () => {
      const source = guest({ filter: `${body} (i32.const 0)` })
      await using all = await plugged(source)
      await all.attempt((hooks) => failure('GUEST_POINTER', () => hooks.filter('a')))
      await using strict = await plugged(source, { strict: true })
      const { message } = await strict.attempt((hooks) => failure('GUEST_POINTER', () => hooks.filter('a')))
      assert(
        message.startsWith(
          `wasm: filter error: out of memory ${said} (recovered by wazero)\nwasm stack trace:\n\tk8s.io/`,
        ),
        message,
      )
      assert.match(message, /\n\tguest\.\$\d+\(\) i32$/)
    })
  }

  it('tells nobody of a log outside the memory, and says so of a reason', async () => {
    const source = guest({
      filter: `(call $log (i32.const 0) ${outside}) (call $logs (i32.const 0) ${outside} (i32.const 0) (i32.const 1))
        (call $logs (i32.const 0) (i32.const 0) (i32.const 1) ${outside})
        (call $status_reason ${outside}) (i32.const 1)`,
    })
    await using all = await plugged(source)
    const status = await all.attempt((hooks) => hooks.filter('a'))
    assert.deepEqual(status, { code: 1, reason: 'BUG: out of memory reading message' })
    assert.deepEqual(all.lines, [])
  })

  it('takes lengths and pointers as they are, however large', async () => {
    for (const [pointer, length] of [
      [-1, 1],
      [0, -1],
      [-4, -4],
      [65536, 1],
    ] as const) {
      const at = `(i32.const ${pointer}) (i32.const ${length})`
      await using all = await plugged(guest({ filter: `(call $node_names ${at}) (i32.const 0)` }))
      await all.attempt((hooks) => failure('GUEST_POINTER', () => hooks.filter('a')))
    }
    await using none = await plugged(
      guest({ filter: '(call $node_names (i32.const 65536) (i32.const 0)) (i32.const 0)' }),
    )
    assert.equal((await none.attempt((hooks) => hooks.filter('a'))).code, 0)
  })
})

describe('an attempt', () => {
  it('is refused for a pod or nodes that are none, and for a node that cannot be encoded', async () => {
    await using all = await plugged(guest({ filter: reading('node', 9, texts.put('a')) }, texts.data))
    const { plugin } = all
    await rejection('INPUT_INVALID', plugin.lease({ pod: { metadata: 7 }, nodes }))
    // @ts-expect-error -- an array
    await rejection('INPUT_INVALID', plugin.lease({ pod, nodes: [] }))
    const bad = new NodeSnapshot([{ metadata: { name: 'a' }, spec: 'none' }])
    await all.attempt((hooks) => failure('HOST_FUNCTION_FAILED', () => hooks.filter('a')), { pod, nodes: bad })
    assert.equal(plugin.stats().instances, 1)
  })

  it('takes only options that exist', () => {
    failure('OPTION_INVALID', () => scheduler({ args: ['\0'] }))
    // @ts-expect-error -- no severity
    failure('OPTION_INVALID', () => scheduler({ severity: 'debug' }))
    // @ts-expect-error -- no option
    failure('OPTION_UNKNOWN', () => scheduler({ verbose: true }))
  })
})
