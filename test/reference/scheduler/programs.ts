import assert from 'node:assert/strict'
import { type KubernetesObject, NodeSnapshot, type SchedulerHooks } from 'mortise/scheduler'
import { failure, type Guest, modes, node, ok, one, plugged, pod, refusal, type SchedulerBehaviour } from './guest.ts'

/** The examples, and the guests that the reference tests itself with. */
export const programs: readonly SchedulerBehaviour[] = [
  ...(['examples/nodenumber/main', 'internal/e2e/scheduler_perf/wasm/nodenumber/main'] as const).flatMap((file) => [
    one(file, (path) =>
      plugged(path, {}, async ({ attempt, events }) => {
        const scores = (name: string): Promise<readonly number[]> =>
          numbers(attempt, pod(name), ['node1', 'node7', 'nodea', ''])
        assert.deepEqual(await scores('pod1'), [10, 0, 0, 0])
        assert.deepEqual(await scores('poda'), [10, 10, 10, 10])
        if (file.startsWith('examples')) {
          const said = events.map(({ type, reason, action, note }) => [type, reason, action, note])
          assert.deepEqual(said, [
            ['PreScore', 'match lastNumber', 'Continue', ''],
            ['PreScore', 'not match lastNumber', 'Skip', ''],
          ])
          assert.deepEqual(events[0]?.regarding.name, 'pod1')
        }
        await attempt(pod('pod1'), (hooks) => {
          hooks.preFilter()
          assert.equal(hooks.score('node7').score, 10, 'the state of the attempt before is gone')
        })
      }),
    ),
  ]),
  one(
    'examples/nodenumber/main',
    (path) =>
      plugged(path, { config: '{"reverse":true}' }, async ({ attempt, lines }) => {
        assert.deepEqual(await numbers(attempt, pod('pod1'), ['node1', 'node7']), [0, 10])
        assert.deepEqual(
          lines.map(({ text }) => text),
          [
            'NodeNumberArgs is successfully applied',
            '"execute PreScore on NodeNumber plugin" pod="test/pod1"',
            '"execute Score on NodeNumber plugin" pod="test/pod1"',
            '"execute Score on NodeNumber plugin" pod="test/pod1"',
          ],
        )
      }),
    'reversed, and what it logs',
  ),
  one(
    'examples/nodenumber/main',
    async (path) => {
      const said = await refusal(path, { config: '{bad' })
      assert(
        said.startsWith(
          "failed to create a guest pool: wasm: instantiate error: panic: decode arg into NodeNumberArgs: invalid character 'b' looking for beginning of object key string\n\nmodule[1] function[_start] failed: wasm error: unreachable\nwasm stack trace:\n\tmain.runtime._panic(i32,i32)\n\tmain._start()",
        ),
        said,
      )
    },
    'a bad configuration',
  ),
  one('examples/advanced/main', (path) =>
    plugged(path, {}, async ({ attempt }) => {
      assert.deepEqual(await numbers(attempt, pod('pod1', 'x7'), ['node1', 'node7', 'nodea']), [0, 10, 0])
      assert.deepEqual(await numbers(attempt, pod('pod1'), ['node1', 'node7', 'nodea']), [10, 10, 10])
    }),
  ),
  one('examples/imagelocality/main', async (path) => {
    const images = ['v1', 'v2', 'v3']
    const snapshot = new NodeSnapshot([
      node(
        'no-image-node1',
        images.map((version) => `unrelated-image:${version}`),
      ),
      node(
        'image-node1',
        images.map((version) => `test-image:${version}`),
      ),
      node(
        'image-node2',
        images.map((version) => `test-image:${version}`),
      ),
    ])
    const scheduled = { ...pod('pod1'), spec: { containers: [{ name: 'one', image: 'test-image:v1' }] } }
    await plugged(
      path,
      {},
      async ({ attempt }) => {
        for (const [name, score] of [
          ['no-image-node1', 0],
          ['image-node1', 4],
        ] as const) {
          await attempt(scheduled, (hooks) => {
            hooks.preFilter()
            assert.deepEqual(hooks.score(name), { status: ok, score })
            const second = hooks.score('image-node2')
            assert.deepEqual(second.status, { code: 1, reason: 'failed to get node "image-node2"' })
          })
        }
      },
      snapshot,
    )
  }),
  one(
    'guest/testdata/filter/main',
    (path) =>
      plugged(path, modes('filter'), async ({ attempt }) => {
        await attempt(pod('good-pod', 'good-node'), (hooks) => {
          hooks.preFilter()
          assert.deepEqual(hooks.filter('good-node'), ok)
          assert.deepEqual(hooks.filter('bad-node'), { code: 2, reason: 'good-node != bad-node' })
          assert.deepEqual(hooks.filter('unknown'), { code: 2, reason: 'good-node != ' })
          assert.deepEqual(hooks.filter(''), { code: 1, reason: 'could not get current node name' })
        })
      }),
    'filter',
  ),
  one(
    'guest/testdata/filter/main',
    (path) =>
      plugged(path, modes('preFilter'), async ({ attempt }) => {
        await attempt(pod('good-pod', 'good-node'), (hooks) =>
          assert.deepEqual(hooks.preFilter(), { status: ok, nodeNames: ['good-node'] }),
        )
        await attempt(pod('good-pod'), (hooks) =>
          assert.deepEqual(hooks.preFilter(), { status: ok, nodeNames: undefined }),
        )
      }),
    'preFilter',
  ),
  one(
    'guest/testdata/filter/main',
    (path) =>
      plugged(path, modes('postFilter'), async ({ attempt }) => {
        await attempt(pod('good-pod', 'good-node'), (hooks) => {
          hooks.preFilter()
          const good = { status: ok, nominatedNode: 'good-node', nominatingMode: 1 }
          assert.deepEqual(hooks.postFilter({ 'good-node': 0 }), good)
          const status = { code: 3, reason: 'good-node is unschedulable' }
          for (const codes of [{ 'good-node': 2 }, {}, { other: 0 }])
            assert.deepEqual(hooks.postFilter(codes), { ...good, status, nominatingMode: 0 })
        })
      }),
    'postFilter',
  ),
  one(
    'guest/testdata/filter/main',
    (path) =>
      plugged(path, modes('preFilterExtensions'), async ({ attempt }) => {
        await attempt(pod('good-pod', 'good-node'), (hooks) => {
          hooks.preFilter()
          const refused = { code: 1, reason: 'Node name is bad and PodInfo name is bad-pod' }
          assert.deepEqual(hooks.addPod(pod('bad-pod'), 'good-node'), ok)
          assert.deepEqual(hooks.addPod(pod('bad-pod'), 'bad'), refused)
          assert.deepEqual(hooks.removePod(pod('bad-pod'), 'bad'), refused)
        })
      }),
    'preFilterExtensions',
  ),
  one('guest/testdata/score/main', async (path) => {
    const scheduled = pod('good-pod', 'good-node')
    await plugged(path, modes('score'), ({ attempt }) =>
      attempt(scheduled, (hooks) => {
        hooks.preFilter()
        assert.deepEqual([hooks.score('good-node').score, hooks.score('bad-node').score], [100, 0])
      }),
    )
    await plugged(path, modes('preScore'), ({ attempt }) =>
      attempt(scheduled, (hooks) => {
        hooks.preFilter()
        const codes = [[], ['good'], ['good', 'bad']].map((names) => hooks.preScore(names).code)
        assert.deepEqual(codes, [0, 1, 2])
      }),
    )
    for (const [mode, score] of [
      ['scoreExtensions', 10_000],
      ['other', 100],
    ] as const) {
      await plugged(path, modes(mode), ({ attempt }) =>
        attempt(scheduled, (hooks) => {
          hooks.preFilter()
          const scores = { 'good-node': 100 }
          assert.deepEqual(hooks.normalizeScore(scores), { status: ok, scores: { 'good-node': score } })
        }),
      )
    }
  }),
  one('guest/testdata/bind/main', async (path) => {
    for (const mode of ['preBind', 'bind'] as const) {
      await plugged(path, modes(mode), ({ attempt }) =>
        attempt(pod('good-pod'), (hooks) => {
          hooks.preFilter()
          assert.deepEqual(hooks[mode]('good'), ok)
          assert.deepEqual(hooks[mode]('bad'), { code: 1, reason: 'name is bad' })
          assert.deepEqual(hooks[mode === 'bind' ? 'preBind' : 'bind']('bad'), ok)
        }),
      )
    }
    await plugged(path, modes('postBind'), ({ attempt }) =>
      attempt(pod('good-pod'), (hooks) => {
        hooks.preFilter()
        assert.equal(
          failure(() => hooks.postBind('bad')),
          'wasm: postbind error: panic: name is bad\n\nwasm error: unreachable\nwasm stack trace:\n\tmain.runtime._panic(i32,i32)\n\tmain.postbind()',
        )
      }),
    )
  }),
  one('guest/testdata/reserve/main', (path) =>
    plugged(path, {}, async ({ attempt }) => {
      await attempt(pod('good-pod'), (hooks) => {
        hooks.preFilter()
        assert.deepEqual([hooks.reserve('good'), hooks.unreserve('good')], [ok, undefined])
        assert.match(
          failure(() => hooks.unreserve('good')),
          /^wasm: unreserve error: panic: unreserve failed\n/,
        )
        assert.match(
          failure(() => hooks.reserve('good')),
          /Begin another lease$/,
        )
      })
      await attempt(pod('good-pod'), (hooks) => {
        hooks.preFilter()
        assert.deepEqual(hooks.reserve('bad'), { code: 1, reason: 'name is bad' })
      })
    }),
  ),
  one('guest/testdata/permit/main', (path) =>
    plugged(path, {}, ({ attempt }) =>
      attempt(pod('good-pod'), (hooks) => {
        hooks.preFilter()
        assert.deepEqual(hooks.permit('good'), { status: ok, timeout: 0 })
        assert.deepEqual(hooks.permit('bad'), { status: { code: 1, reason: 'name is bad' }, timeout: 0 })
        assert.deepEqual(hooks.permit('wait'), { status: { code: 4, reason: 'name is wait' }, timeout: 10_000 })
      }),
    ),
  ),
  one('guest/testdata/handle/main', async (path) => {
    const scheduled = (uid: string): KubernetesObject => ({
      ...pod('handle-pod'),
      metadata: { name: 'handle-pod', uid },
    })
    await plugged(path, modes('rejectWaitingPod'), async ({ attempt, asked }) => {
      for (const [uid, status] of [
        ['other', ok],
        ['handle-test', { code: 5, reason: 'UID is handle-test' }],
      ] as const) {
        await attempt(scheduled(uid), (hooks) => {
          hooks.preFilter()
          assert.deepEqual(hooks.filter('good-node'), status)
        })
      }
      assert.deepEqual(asked, ['other', 'handle-test'])
    })
    await plugged(path, modes('getWaitingPod'), ({ attempt }) =>
      attempt(scheduled('handle-test'), (hooks) => {
        hooks.preFilter()
        assert.match(
          failure(() => hooks.filter('good-node')),
          /^wasm: filter error: panic: not implemented\n\nwasm error: unreachable\nwasm stack trace:\n\tmain\.runtime\._panic\(i32,i32\)\n\tmain\.interface:\{ProtoReflect:/,
        )
      }),
    )
  }),
  one('guest/testdata/cyclestate/main', async (path) => {
    await plugged(path, modes('2'), async ({ attempt }) => {
      await attempt(pod('one'), (hooks) =>
        assert.match(
          failure(() => hooks.filter('good-node')),
          /^wasm: filter error: panic: didn't cache pod from pre-filter\n/,
        ),
      )
      for (const name of ['two', 'three']) await attempt(pod(name, 'good-node'), everyHook)
    })
    assert.match(await refusal(path, modes('9')), /panic: unsupported count\n\nmodule\[1\] function\[_start\] failed/)
  }),
]

async function numbers(
  attempt: Guest['attempt'],
  scheduled: KubernetesObject,
  names: readonly string[],
): Promise<readonly number[]> {
  let scores: readonly number[] = []
  await attempt(scheduled, (hooks) => {
    hooks.preFilter()
    assert.deepEqual(hooks.preScore(names), ok)
    scores = names.map((name) => hooks.score(name).score)
  })
  return scores
}

/** All of them twice in a row, as the reference's test of its state calls them. */
function everyHook(hooks: SchedulerHooks): void {
  const [scores, target] = [{ 'good-node': 1 }, pod('target')]
  for (const result of [
    hooks.preFilter().status,
    hooks.filter('good-node'),
    hooks.postFilter({ 'good-node': 0 }).status,
    hooks.addPod(target, 'good-node'),
    hooks.removePod(target, 'good-node'),
    hooks.preScore(['good-node']),
    hooks.score('good-node').status,
    hooks.normalizeScore(scores).status,
    hooks.reserve('good-node'),
    hooks.unreserve('good-node') ?? ok,
    hooks.permit('good-node').status,
    hooks.preBind('good-node'),
    hooks.bind('good-node'),
    hooks.postBind('good-node') ?? ok,
    hooks.addPod(target, 'good-node'),
    hooks.removePod(target, 'good-node'),
  ])
    assert.equal(result.code, 0, result.reason)
}
