import assert from 'node:assert/strict'
import type { SchedulerHook } from 'mortise/scheduler'
import { call, failure, one, plugged, pod, refusal, type SchedulerBehaviour } from './guest.ts'

/** Guests that print `panic!` and trap, with the number and the type of the function. */
const panics: readonly (readonly [file: string, hook: SchedulerHook, frame: string])[] = [
  ['panic_on_prefilter', 'preFilter', '$1() i32'],
  ['panic_on_filter', 'filter', '$1() i32'],
  ['panic_on_postfilter', 'postFilter', '$1() i64'],
  ['panic_on_prescore', 'preScore', '$1() i32'],
  ['panic_on_score', 'score', '$1() i64'],
  ['panic_on_scoreextensions', 'normalizeScore', '$1() i32'],
  ['panic_on_reserve', 'reserve', '$1() i32'],
  ['panic_on_permit', 'permit', '$1() i64'],
  ['panic_on_prebind', 'preBind', '$1() i32'],
  ['panic_on_bind', 'bind', '$1() i32'],
  ['panic_on_postbind', 'postBind', '$1()'],
  ['panic_on_prefilterextensions', 'addPod', '$1() i32'],
  ['panic_on_prefilterextensions', 'removePod', '$2() i32'],
]

const errors = 'scheduler/test/testdata/error'
/** What guests that fail say. */
export const failing: readonly SchedulerBehaviour[] = [
  ...panics.map(([file, hook, frame]) =>
    one(
      `${errors}/${file}`,
      (path) =>
        plugged(path, {}, ({ attempt }) =>
          attempt(pod('good-pod'), (hooks) =>
            assert.equal(
              failure(() => call(hooks, hook)),
              `wasm: ${hook.toLowerCase()} error: panic!\nwasm error: unreachable\nwasm stack trace:\n\t${file}.${frame}`,
            ),
          ),
        ),
      hook,
    ),
  ),
  ...[undefined, 'hello', 'x'.repeat(1025)].map((config) =>
    one(
      `${errors}/panic_on_get_config`,
      (path) =>
        plugged(path, config === undefined ? {} : { config }, ({ attempt }) =>
          attempt(pod('good-pod'), (hooks) =>
            assert.equal(
              failure(() => hooks.preFilter()),
              `wasm: prefilter error: ${config === 'hello' ? 'hello\n' : ''}wasm error: unreachable\nwasm stack trace:\n\tpanic_on_get_config.$2() i32`,
            ),
          ),
        ),
      `${config?.length ?? 'no'} bytes of configuration`,
    ),
  ),
  ...(
    [
      ['panic_on_enqueue', 'wasm error: unreachable\nwasm stack trace:\n\tpanic_on_enqueue.$1()'],
      [
        'panic_on_start',
        'failed to create a guest pool: wasm: instantiate error: panic!\nmodule[1] function[_start] failed: wasm error: unreachable\nwasm stack trace:\n\tpanic_on_start.$2()',
      ],
      ['not_plugin', 'wasm: guest does not export any plugin functions'],
      ['prescore_without_score', 'wasm: filter, score, reserve, permit or bind must be exported'],
      ['scoreextensions_without_score', 'wasm: filter, score, reserve, permit or bind must be exported'],
    ] as const
  ).map(([file, said]) => one(`${errors}/${file}`, async (path) => assert.equal(await refusal(path), said))),
]
