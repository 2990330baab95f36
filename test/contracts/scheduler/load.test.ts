import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type SchedulerHook, scheduler } from 'mortise/scheduler'
import { Mortise } from 'mortise'
import { wasm } from 'mortise/wasm'
import { functions, guest, imported, nodes, plugged, pod, results } from '../../support/scheduler-guest.ts'
import { rejection, wat } from '../../support/wat.ts'

/** A module with these exports, each with the result that it gives. */
const module = (
  exports: Readonly<Record<string, string>>,
  more = '',
  memory = '(memory (export "memory") 1)',
): Uint8Array =>
  wat(
    `(module ${more} ${memory} ${Object.entries(exports)
      .map(
        ([name, result]) =>
          `(func (export "${name}") ${result === '' ? '' : `(result ${result}) (${result}.const 0)`})`,
      )
      .join('\n')})`,
  )

const hooks = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, results[name] ?? '']))

async function refusal(source: Uint8Array, strict = true): Promise<string> {
  await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
  const error = await rejection(
    ['MODULE_REFUSED', 'GUEST_EXIT', 'TRAP_UNREACHABLE', 'GUEST_ABORT'],
    host.plug('guest', source, scheduler({ strict })),
  )
  return error.message
}

const pool = 'failed to create a guest pool: wasm: instantiate error: '
const none = 'wasm: filter, score, reserve, permit or bind must be exported'
const filter = hooks('filter')

/** What the reference says of each, and what is said without `strict`. */
const refused: readonly (readonly [what: string, source: Uint8Array, strict: string, own: RegExp])[] = [
  ['no memory', module(filter, '', ''), "wasm: guest doesn't export memory[memory]", /export 'memory' is missing/],
  [
    'no hook',
    module({}),
    'wasm: guest does not export any plugin functions',
    /none of the hooks is exported: enqueue, /,
  ],
  [
    'only a function of another name',
    module({ Filter: 'i32' }),
    'wasm: guest does not export any plugin functions',
    /none of the hooks/,
  ],
  ...Object.entries(results).map(([name, result]) => {
    const other = result === 'i32' ? 'i64' : 'i32'
    const said = name === 'addpod' || name === 'removepod' ? '()' : `(${result})`
    return [
      `${name} of another type`,
      module({ ...filter, [name]: other }),
      `wasm: guest exports the wrong signature for func[${name}]. should be () -> ${said}`,
      new RegExp(`export '${name}' is func \\(\\) -> \\(${other}\\), and must be func \\(\\) -> \\(${result}\\)`),
    ] as const
  }),
  [
    'a hook with parameters',
    wat('(module (memory (export "memory") 1) (func (export "filter") (param i32) (result i32) (i32.const 0)))'),
    'wasm: guest exports the wrong signature for func[filter]. should be () -> (i32)',
    /export 'filter' is func \(i32\) -> \(i32\)/,
  ],
  [
    'an unknown function',
    module(filter, '(import "k8s.io/scheduler" "nope" (func))'),
    `${pool}"nope" is not exported in module "k8s.io/scheduler"`,
    /import 'nope' of module 'k8s.io\/scheduler' .* the host has no such function/,
  ],
  [
    'an unknown module',
    module(filter, '(import "foo" "bar" (func))'),
    `${pool}module[foo] not instantiated`,
    /import 'bar' of module 'foo' .* the host has no such module/,
  ],
  ...functions.map(([name, func, params, given]) => {
    const have = `${'i32'.repeat(params) || 'v'}_${given === 0 ? 'v' : 'i32'}`
    return [
      `${func} of another type`,
      module(filter, `(import "${name}" "${func}" (func (param i64)))`),
      `${pool}import func[${name}.${func}]: signature mismatch: i64_v != ${have}`,
      /is declared as func \(i64\) -> \(\), and the host has func/,
    ] as const
  }),
  ...(['prescore', 'normalizescore', 'enqueue', 'addpod'] as const).map(
    (name) => [`${name} alone`, module(hooks(name)), none, new RegExp(`only ${name} is exported`)] as const,
  ),
]

describe('a guest that does not fit', () => {
  for (const [what, source, strict, own] of refused) {
    it(`is refused: ${what}`, async () => {
      assert.equal(await refusal(source), strict)
      assert.match(await refusal(source, false), own)
    })
  }

  it('is refused for everything at once, but with strict texts for the first thing', async () => {
    const source = module({ filter: 'i64', score: 'i32' }, '(import "k8s.io/api" "nope" (func))')
    assert.equal((await refusal(source, false)).split('\n').length, 4)
    assert.match(await refusal(source), /^wasm: guest exports the wrong signature for func\[filter\]/)
  })
})

describe('the initialisation of a guest', () => {
  const start = (body: string): Uint8Array =>
    guest(
      { filter: '(i32.const 0)' },
      `(data (i32.const 8) "panic!\\n") (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00")
       (func (export "_start") ${body})`,
    )
  const say = '(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))'

  it('may trap, and what it wrote is said', async () => {
    const trap = `module[1] function[_start] failed: wasm error: unreachable\nwasm stack trace:\n\tguest.$23()`
    assert.equal(await refusal(start('unreachable')), `${pool}${trap}`)
    assert.equal(await refusal(start(`${say} unreachable`)), `${pool}panic!\n${trap}`)
    assert.match(await refusal(start('unreachable'), false), /^Cannot finish '_start' of plugin 'guest'/)
  })

  it('may end with exit code 0, and every hook works then', async () => {
    await using all = await plugged(start('(call $proc_exit (i32.const 0)) unreachable'))
    assert.deepEqual(await all.attempt((found) => [found.filter('a').code, found.filter('b').code]), [0, 0])
    assert.equal(await refusal(start('(call $proc_exit (i32.const 3))')), `${pool}module closed with exit_code(3)`)
  })

  it('is a start section too, which may call host functions', async () => {
    const source = guest(
      { filter: '(global.get $severity)' },
      '(global $severity (mut i32) (i32.const 9)) (func $start (global.set $severity (call $severity))) (start $start)',
    )
    await using all = await plugged(source, { severity: 'fatal' })
    assert.equal((await all.attempt((found) => found.filter('a'))).code, 3)
  })

  it('gets its arguments, none but those that are given', async () => {
    const source = (count: number, size: number): Uint8Array =>
      wat(`(module (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
        (memory (export "memory") 1) (func (export "filter") (result i32) (i32.const 0))
        (func (export "_start") (drop (call $sizes (i32.const 0) (i32.const 4)))
          (if (i32.ne (i32.load (i32.const 0)) (i32.const ${count})) (then unreachable))
          (if (i32.ne (i32.load (i32.const 4)) (i32.const ${size})) (then unreachable))))`)
    await using some = await plugged(source(2, 12), { args: ['test', 'filter'] })
    await using nothing = await plugged(source(0, 0))
    assert.deepEqual([some.lines, nothing.lines], [[], []])
  })
})

describe('the hooks that a guest exports', () => {
  const groups = ['filter', 'score', 'reserve', 'permit', 'bind'] as const
  const combinations = Array.from({ length: 31 }, (_, index) =>
    groups.filter((_group, bit) => ((index + 1) & (1 << bit)) !== 0),
  )
  for (const names of combinations) {
    it(`may be ${names.join(', ')}`, async () => {
      for (const strict of [false, true]) {
        await using all = await plugged(module(hooks(...names)), { strict })
        assert.deepEqual(all.plugin.values.hooks, names)
        await all.attempt((found) => {
          const given = [
            found.filter('a'),
            found.score('a').status,
            found.reserve('a'),
            found.permit('a').status,
            found.bind('a'),
          ]
          assert(given.every(({ code }) => code === 0))
          found.unreserve('a')
          found.postBind('a')
        })
      }
    })
  }

  it('may be prefilter alone, and halves of pairs: what is not there does nothing', async () => {
    const pairs: readonly (readonly [exports: readonly string[], hook: SchedulerHook])[] = [
      [['prefilter'], 'preFilter'],
      [['reserve'], 'reserve'],
      [['unreserve', 'filter'], 'unreserve'],
      [['addpod', 'filter'], 'addPod'],
      [['removepod', 'filter'], 'removePod'],
    ]
    for (const [names, hook] of pairs) {
      await using all = await plugged(module(hooks(...names)), { strict: true })
      assert(all.plugin.values.hooks.includes(hook))
      await all.attempt((found) => {
        assert.deepEqual(
          [found.addPod(pod, 'a').code, found.removePod(pod, 'a').code, found.reserve('a').code],
          [0, 0, 0],
        )
        found.unreserve('a')
        assert.deepEqual(found.preFilter(), { status: { code: 0, reason: '' }, nodeNames: undefined })
        assert.deepEqual(found.normalizeScore({ a: 3 }), { status: { code: 0, reason: '' }, scores: { a: 3 } })
        assert.deepEqual(found.postFilter({}), {
          status: { code: 0, reason: '' },
          nominatedNode: '',
          nominatingMode: 0,
        })
      })
    }
  })

  it('may be what makes sense alone, though the reference refuses it', async () => {
    for (const names of [['postfilter'], ['prebind'], ['postbind'], ['prefilter', 'enqueue']]) {
      await using all = await plugged(module(hooks(...names)))
      assert.equal(all.plugin.values.hooks.length, names.length)
      assert.equal(await refusal(module(hooks(...names))), none)
    }
  })

  it('may be another set after a swap, which leaves no hole', async () => {
    await using all = await plugged(module(hooks('filter', 'permit')))
    const { plugin } = all
    await plugin.swap(
      wat('(module (memory (export "memory") 1) (func (export "score") (result i64) (i64.const 0x500000000)))'),
    )
    assert.deepEqual(plugin.values.hooks, ['score'])
    await all.attempt((found) => {
      assert.deepEqual([found.permit('a').timeout, found.filter('a').code, found.score('a').score], [0, 0, 5])
    })
  })
})

it('imports and exports may be all there are', async () => {
  const source = wat(`(module ${functions.map(imported).join('\n')} (memory (export "memory") 1)
    ${Object.entries(results)
      .map(
        ([name, result]) =>
          `(func (export "${name}") ${result === '' ? '' : `(result ${result}) (${result}.const 0)`})`,
      )
      .join('\n')})`)
  await using all = await plugged(source)
  assert.equal(all.plugin.values.hooks.length, 15)
  assert.equal(nodes.names.length, 2)
})
