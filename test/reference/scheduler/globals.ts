import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { Mortise } from 'mortise'
import { scheduler, type SchedulerHooks } from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'
import { readModule } from '../../../src/wasm/binary/module.ts'
import { call, failure, nodes, one, pod, refusal, type SchedulerBehaviour } from './guest.ts'

const tests = 'scheduler/test/testdata/test'
const most = 2 ** 31 - 1
const least = -(2 ** 31)

/** Guests that give what stands in a global: here their module is made again with other numbers in it. */
export const globals: readonly SchedulerBehaviour[] = [
  ...(
    [
      ['prefilter_from_global', 'preFilter'],
      ['filter_from_global', 'filter'],
      ['prebind_from_global', 'preBind'],
      ['bind_from_global', 'bind'],
      ['prescore_from_global', 'preScore'],
      ['scoreextensions_from_global', 'normalizeScore'],
      ['prefilterextensions_from_global', 'addPod'],
      ['reserve_from_global', 'reserve'],
    ] as const
  ).map(([file, hook]) =>
    one(`${tests}/${file}`, async (path) => {
      for (const code of [0, 1, most, least]) {
        await set(path, { status_code_global: code }, (hooks) => {
          const result: unknown = call(hooks, hook)
          const status = typeof result === 'object' && result !== null && 'status' in result ? result.status : result
          assert.deepEqual(status, { code, reason: '' })
        })
      }
    }),
  ),
  one(`${tests}/score_from_global`, async (path) => {
    for (const [score, code] of [
      [most, least],
      [-1, 0],
      [least, most],
    ] as const) {
      await set(path, { score_global: score, status_code_global: code }, (hooks) =>
        assert.deepEqual(hooks.score('good-node'), { status: { code, reason: '' }, score }),
      )
    }
  }),
  one(`${tests}/postfilter_from_global`, async (path) => {
    for (const code of [least, most]) {
      await set(path, { nominating_mode_global: 1, status_code_global: code }, (hooks) =>
        assert.deepEqual(hooks.postFilter({}), { status: { code, reason: '' }, nominatedNode: '', nominatingMode: 1 }),
      )
    }
  }),
  one(`${tests}/permit_from_global`, async (path) => {
    await set(path, { status_code_global: least, timeout_global: -1 }, (hooks) =>
      assert.deepEqual(hooks.permit('good-node'), { status: { code: least, reason: '' }, timeout: 2 ** 32 - 1 }),
    )
  }),
  ...(
    [
      ['reserve_from_global', 'unreserve', '$1()'],
      ['postbind_from_global', 'postBind', '$0()'],
    ] as const
  ).map(([file, hook, frame]) =>
    one(
      `${tests}/${file}`,
      (path) =>
        set(path, { flag_global: 1 }, (hooks) =>
          assert.equal(
            failure(() => hooks[hook]('good-node')),
            `wasm: ${hook.toLowerCase()} error: wasm error: unreachable\nwasm stack trace:\n\t${file}.${frame}`,
          ),
        ),
      hook,
    ),
  ),
  one(`${tests}/all_noop`, async (path) =>
    assert.equal(
      await refusal(path),
      'wasm: guest exports the wrong signature for func[postfilter]. should be () -> (i64)',
    ),
  ),
]

/** Plugs a guest in whose exported globals begin with these numbers. */
async function set(
  path: string,
  values: Readonly<Record<string, number>>,
  run: (hooks: SchedulerHooks) => void,
): Promise<void> {
  await using host = new Mortise({ runtimes: [wasm()] })
  const plugin = await host.plug('guest', withGlobals(await readFile(path), values), scheduler({ strict: true }))
  await using lease = await plugin.lease({ pod: pod('good-pod'), nodes })
  run(lease.hooks)
}

/** The module with other numbers in its globals, all of which are mutable i32. */
function withGlobals(bytes: Uint8Array, values: Readonly<Record<string, number>>): Uint8Array {
  const { exports, sections } = readModule(bytes)
  const section = sections.find(({ id }) => id === 6)
  assert(section !== undefined)
  const numbers = exports
    .filter(({ kind }) => kind === 'global')
    .toSorted((first, second) => first.index - second.index)
    .map(({ name }) => values[name] ?? 0)
  const content = [numbers.length, ...numbers.flatMap((value) => [0x7f, 1, 0x41].concat(signed(value), 0x0b))]
  // The header of a section is its id and its size, which is one byte in these.
  return Uint8Array.from([
    ...bytes.subarray(0, section.body - 2),
    6,
    content.length,
    ...content,
    ...bytes.subarray(section.end),
  ])
}

/** A number in the five bytes that 32 bits may have. */
function signed(value: number): readonly number[] {
  return [0, 7, 14, 21, 28].map((shift) => ((value >> shift) & 0x7f) | (shift === 28 ? 0 : 0x80))
}
