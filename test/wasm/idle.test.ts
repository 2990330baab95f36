import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { Mortise, type Plugin, type PlugOptions } from 'mortise'
import { action } from 'mortise/action'
import { contract, defineContract, u32 } from 'mortise/contract'
import { asyncExtensions, AsyncStateKind, type Row } from 'mortise/extension'
import { wasm, requireSurface, wasmFunction, type WasmOptions } from 'mortise/wasm'
import { key } from '../contracts/extension/mock.ts'
import { extensionGuest } from '../support/extension-guest.ts'
import { actionWat, benchContract, failure, type BenchHooks, rejection, wat } from '../support/wat.ts'

/** Counts its calls, in memory and beyond what a restore would keep. */
const counter = wat(`(module (memory 1)
  (func (export "count") (result i32)
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (i32.load (i32.const 0)))
  (func (export "fail") unreachable))`)

const stateless = { restore: 'when-full', deadline: '20 s' } as const
const lazy = { ...stateless, start: 'first call' } as const

const hostOf = (options: WasmOptions): Mortise<'wasm'> => new Mortise({ runtimes: [wasm(options)] })

const plug = (host: Mortise<'wasm'>, name: string, options?: PlugOptions<'wasm'>): Promise<Plugin<BenchHooks>> =>
  host.plug(name, counter, benchContract(), options)

const several = (host: Mortise<'wasm'>, count: number): Promise<readonly Plugin<BenchHooks>[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => plug(host, `p${index}`)))

const count = ({ hooks }: Plugin<BenchHooks>): unknown => hooks.call('count', [])

/** Which plugins have instances. */
const live = (plugins: readonly Plugin<BenchHooks>[]): readonly number[] =>
  plugins.flatMap((plugin, index) => Array.from({ length: plugin.stats().instances }, () => index))

/** Waits for what comes in its own time; the test's time-out ends it. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await setTimeout(5)
}

describe("start: 'first call'", () => {
  it('makes the instance with the first call', async () => {
    await using host = hostOf(lazy)
    const plugin = await plug(host, 'a')
    const before = plugin.stats()
    assert.deepEqual([before.instances, before.starts], [0, 0])
    assert.deepEqual([count(plugin), count(plugin)], [1, 2])
    const { instances, starts, calls } = plugin.stats()
    assert.deepEqual([instances, starts, calls], [1, 1, 2])
  })

  it('can be said of one plugin', async () => {
    await using host = hostOf(stateless)
    const [usual, late] = [await plug(host, 'usual'), await plug(host, 'late', { limits: { start: 'first call' } })]
    assert.deepEqual(live([usual, late]), [0])
    assert.equal(late.hooks.call('count', []), 1)
  })

  it('refuses at plug what does not fit, as ever', async () => {
    await using host = hostOf(lazy)
    await rejection('MODULE_REFUSED', host.plug('a', counter, action))
    await rejection('MODULE_INVALID', host.plug('a', counter.slice(0, 20), action))
    const large = wat('(module (memory 1000))')
    await rejection('MEMORY_LIMIT', host.plug('a', large, benchContract()))
  })

  it('shows at the first call what the initialisation does, and begins anew with the next', async () => {
    const broken = wat(
      `(module (memory 1) (func $start (unreachable)) (start $start) (func (export "count") (result i32) (i32.const 1)))`,
    )
    await using eager = hostOf(stateless)
    const atPlug = await rejection('TRAP_UNREACHABLE', eager.plug('a', broken, benchContract()))
    await using host = hostOf(lazy)
    const plugin = await host.plug('a', broken, benchContract())
    const first = failure('TRAP_UNREACHABLE', () => count(plugin))
    assert.equal(first.message, atPlug.message)
    failure('TRAP_UNREACHABLE', () => count(plugin))
    const { errors, instances, lastError } = plugin.stats()
    assert.deepEqual([errors, instances, lastError?.code], [2, 0, 'TRAP_UNREACHABLE'])
    await plugin.swap(counter)
    assert.equal(count(plugin), 1)
  })

  it('is at plug where the guest says something then', async () => {
    const says =
      wat(`(module (memory (export "memory") 1) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
      (func (export "version") (result i32) (i32.const 7)) (func (export "run") (result i32) (i32.const 8)))`)
    await using host = hostOf(lazy)
    const run = { run: { params: {}, result: u32 } }
    const speaking = await host.plug('a', says, contract('speaking', run, { values: { version: u32 } }))
    assert.deepEqual([speaking.values.version, speaking.stats().instances], [7, 1])
    const silent = await host.plug('b', says, contract('silent', run))
    assert.deepEqual([silent.values, silent.stats().instances, silent.hooks.run()], [{}, 0, 8])
  })

  it('holds for every version, and an unplugged one is never made', async () => {
    await using host = hostOf(lazy)
    const plugin = await plug(host, 'a')
    count(plugin)
    await plugin.swap(counter)
    await until(() => plugin.stats().instances === 0)
    assert.deepEqual([count(plugin), plugin.stats().starts], [1, 2])
    const other = await plug(host, 'b')
    await other.unplug()
    failure('PLUGIN_UNPLUGGED', () => count(other))
    assert.equal(other.stats().starts, 0)
  })
})

describe('an instance without calls', () => {
  it('is let go after its time, and the next call finds the guest as new', async () => {
    await using host = hostOf({ ...stateless, idle: '20 ms' })
    const plugin = await plug(host, 'a')
    assert.deepEqual([count(plugin), plugin.stats().instances], [1, 1])
    const { hooks } = plugin
    await until(() => plugin.stats().instances === 0)
    assert.equal(hooks.call('count', []), 1)
    await until(() => plugin.stats().instances === 0)
    failure('TRAP_UNREACHABLE', () => hooks.call('fail', []))
    const { calls, errors, starts } = plugin.stats()
    assert.deepEqual([calls, errors, starts], [3, 1, 3])
  })

  it('is let go where hooks have a deadline of their own', async () => {
    await using host = hostOf({ ...stateless, idle: '20 ms' })
    const plugin = await host.plug('a', counter, benchContract())
    const hooks = plugin.within('10 s')
    assert.equal(hooks.call('count', []), 1)
    await until(() => plugin.stats().instances === 0)
    assert.equal(hooks.call('count', []), 1)
  })

  it('stays while it is called', async () => {
    await using host = hostOf({ ...stateless, idle: '1 s' })
    const [busy, idle] = await several(host, 2)
    assert(busy !== undefined && idle !== undefined)
    for (let calls = 1; idle.stats().instances > 0; calls++) {
      assert.equal(count(busy), calls)
      await setTimeout(5)
    }
    assert.equal(busy.stats().starts, 1)
  })

  it('stays where the guest keeps its state', async () => {
    await using host = hostOf({ idle: '10 ms', instances: 2 })
    const [keeping, other] = [await plug(host, 'keeping'), await plug(host, 'other', { limits: stateless })]
    count(keeping)
    await until(() => other.stats().instances === 0)
    assert.deepEqual([count(keeping), keeping.stats().starts], [2, 1])
  })

  it('does not keep the process', async () => {
    const script = `
      import { Mortise } from 'mortise'
      import { action } from 'mortise/action'
      import { wasm } from 'mortise/wasm'
      const host = new Mortise({ runtimes: [wasm({ idle: '30 min', restore: 'when-full' })] })
      const plugin = await host.plug('a', new Uint8Array(JSON.parse(process.argv[1])), action)
      console.log(plugin.stats().instances)`
    const bytes = JSON.stringify([...wat(actionWat('(local.get $event)'))])
    const { stdout } = await promisify(execFile)(process.execPath, [
      '-C',
      'source',
      '--input-type=module',
      '-e',
      script,
      bytes,
    ])
    assert.equal(stdout, '1\n')
  })

  it('is collected with its memory', async () => {
    const made: WeakRef<object>[] = []
    const watched = defineContract<{ count(): number }>()({
      name: 'watched',
      pure: true,
      stateless: true,
      hooks: { count: 0 },
      bindings: {
        wasm: {
          mode: 'sync',
          check: requireSurface({ exports: { count: 'func () -> (i32)' } }),
          imports: () => ({}),
          bind(instance) {
            made.push(new WeakRef(instance))
            return { count: instance.guard('count', wasmFunction(instance.unit.exports, 'count')) }
          },
        },
      },
    })
    await using host = hostOf({ idle: '10 ms', deadline: '20 s' })
    const plugins = await Promise.all(
      Array.from({ length: 20 }, (_, index) => host.plug(`p${index}`, counter, watched)),
    )
    for (const { hooks } of plugins) assert.equal(hooks.count(), 1)
    await until(() => plugins.every((plugin) => plugin.stats().instances === 0))
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    await until(() => {
      if (typeof collect === 'function') Reflect.apply(collect, undefined, [])
      return made.every((instance) => instance.deref() === undefined)
    })
    assert.equal(made.length, 20)
  })
})

describe('more plugins than instances', () => {
  it('let the one go that was not called for longest', async () => {
    await using host = hostOf({ ...lazy, instances: 3 })
    const plugins = await several(host, 5)
    const [a, b, c, d, e] = plugins
    assert(a && b && c && d && e)
    for (const plugin of [a, b, c]) count(plugin)
    count(a)
    count(d)
    assert.deepEqual(live(plugins), [0, 2, 3])
    count(a)
    count(e)
    assert.deepEqual(live(plugins), [0, 3, 4])
    assert.deepEqual([count(a), count(b)], [4, 1])
  })

  it('answer right, whichever are called, and are never more than allowed', async () => {
    const most = 10
    await using host = hostOf({ ...lazy, instances: most, idle: '20 ms' })
    const plugins = await several(host, 300)
    const indexes = fc.array(fc.integer({ min: 0, max: plugins.length - 1 }), { minLength: 50, maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(indexes, async (order) => {
        for (const index of order) {
          const plugin = plugins[index]
          assert(plugin !== undefined)
          const { starts } = plugin.stats()
          const value = count(plugin)
          if (plugin.stats().starts > starts) assert.equal(value, 1)
          assert(live(plugins).length <= most)
        }
        await setTimeout(1)
      }),
      { numRuns: 20 },
    )
    assert(live(plugins).length > 0)
  })

  it('start at plug as well', async () => {
    await using host = hostOf({ ...stateless, instances: 5 })
    const plugins = await several(host, 200)
    assert.deepEqual(live(plugins), [195, 196, 197, 198, 199])
    for (const plugin of plugins) assert.deepEqual([count(plugin), plugin.stats().starts], [1, 2])
  })

  it('never let one go that is in a call', async () => {
    await using host = hostOf({ ...lazy, instances: 2 })
    const calls = wat(`(module (import "bench" "inner" (func $inner)) (memory 1)
      (func (export "outer") (result i32) (i32.store (i32.const 0) (i32.const 5)) (call $inner) (i32.load (i32.const 0))))`)
    const plugins = await several(host, 6)
    const [first, second, third] = plugins
    assert(first && second && third)
    const inner = (): void => {
      for (const plugin of [...plugins, ...plugins]) assert.equal(count(plugin), 1)
    }
    const outer = await host.plug('outer', calls, benchContract({ inner: ['func () -> ()', () => inner] }))
    assert.equal(outer.hooks.call('outer', []), 5)
    // A call from inside a call from inside a call.
    const deep = await host.plug(
      'deep',
      calls,
      benchContract({ inner: ['func () -> ()', () => () => void outer.hooks.call('outer', [])] }),
    )
    const error = failure('HOST_FUNCTION_FAILED', () => deep.hooks.call('outer', []))
    let cause: unknown = error
    while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
    const limit = failure('INSTANCES_LIMIT', () => {
      throw cause
    })
    assert.deepEqual([limit.details.limit, limit.details.plugin], [2, 'p0'])
    assert.equal(count(third), 1)
  })

  it('are refused where all keep their state', async () => {
    await using host = hostOf({ instances: 2, deadline: '20 s' })
    const [a, b] = [await plug(host, 'a'), await plug(host, 'b')]
    const error = await rejection('INSTANCES_LIMIT', plug(host, 'c'))
    assert.match(error.message, /2 are live, of which 2/)
    const late = await plug(host, 'd', { limits: { start: 'first call' } })
    failure('INSTANCES_LIMIT', () => count(late))
    count(a)
    assert.deepEqual([count(a), count(b), late.stats().errors], [2, 1, 1])
    await a.unplug()
    assert.equal(count(late), 1)
  })

  it('replace one that failed for good, and count it no more', async () => {
    await using host = hostOf({ instances: 1, deadline: '20 s' })
    const grows = wat(`(module (memory 1) (func (export "fail") (drop (memory.grow (i32.const 1))) unreachable)
      (func (export "count") (result i32) (memory.size)))`)
    const plugin = await host.plug('a', grows, benchContract())
    for (let round = 0; round < 20; round++) {
      failure('TRAP_UNREACHABLE', () => plugin.hooks.call('fail', []))
      assert.equal(count(plugin), 1)
    }
    assert.deepEqual([plugin.stats().instances, plugin.stats().starts], [1, 21])
  })

  it('keep to the limit of each runtime, over all that it runs', async () => {
    const runtime = wasm({ ...lazy, instances: 2 })
    await using one = new Mortise({ runtimes: [runtime] })
    await using two = new Mortise({ runtimes: [runtime] })
    const plugins = [...(await several(one, 2)), ...(await several(two, 2))]
    for (const plugin of plugins) count(plugin)
    assert.deepEqual(live(plugins), [2, 3])
    await two.close()
    for (const plugin of plugins.slice(0, 2)) count(plugin)
    assert.deepEqual(live(plugins), [0, 1])
  })
})

const suspends = typeof Reflect.get(WebAssembly, 'Suspending') === 'function'

describe('a suspended call', { skip: suspends ? false : 'this Node cannot suspend a guest' }, () => {
  it('keeps its instance, and rejects where there is no other', async () => {
    const asked: PromiseWithResolvers<Row | undefined>[] = []
    const kind = new AsyncStateKind<undefined>({
      name: 'Waiting',
      storages: {
        'sys.Wait': {
          async: true,
          get() {
            const answer = Promise.withResolvers<Row | undefined>()
            asked.push(answer)
            return answer.promise
          },
        },
      },
    })
    await using host = hostOf({ deadline: '20 s', start: 'first call', instances: 1, idle: '10 ms' })
    const guest = extensionGuest({ wait: `(drop (call $hostGetValue ${key('sys.Wait')}))` })
    const [a, b] = await Promise.all(['a', 'b'].map((name) => host.plug(name, guest, asyncExtensions({ wait: {} }))))
    assert(a && b)
    const waits = a.hooks.wait(kind.open(undefined))
    await setTimeout(60)
    assert.equal(a.stats().instances, 1)
    await rejection('INSTANCES_LIMIT', b.hooks.wait(kind.open(undefined)))
    asked[0]?.resolve({})
    await waits
    await until(() => a.stats().instances === 0)
    const again = b.hooks.wait(kind.open(undefined))
    asked[1]?.resolve({})
    await again
  })
})

describe(
  'the engine has no room for one more instance',
  { skip: process.platform === 'linux' ? false : 'ulimit -v is of Linux' },
  () => {
    /** Plugs and calls so many guests in a process that has addresses for a few. */
    async function crowded(options: WasmOptions): Promise<{ readonly answers: number; readonly failed?: string }> {
      const script = `
      import { Mortise } from 'mortise'
      import { action } from 'mortise/action'
      import { wasm } from 'mortise/wasm'
      const host = new Mortise({ runtimes: [wasm(JSON.parse(process.argv[2]))] })
      let answers = 0
      let failed
      for (let index = 0; index < 60 && failed === undefined; index++) {
        try {
          const plugin = await host.plug('p' + index, new Uint8Array(JSON.parse(process.argv[1])), action)
          answers += plugin.hooks.main({ index }).index === index ? 1 : 0
        } catch (error) {
          failed = error.code
        }
      }
      console.log(JSON.stringify({ answers, failed }))`
      const guest = JSON.stringify([...wat(actionWat('(local.get $event)'))])
      const args = ['-C', 'source', '--input-type=module', '-e', script, guest, JSON.stringify(options)]
      const { stdout } = await promisify(execFile)('sh', [
        '-c',
        'ulimit -v 300000000; exec "$0" "$@"',
        process.execPath,
        ...args,
      ])
      // oxlint-disable-next-line no-unsafe-type-assertion -- the script is ours
      return JSON.parse(stdout) as { answers: number; failed?: string }
    }

    it('makes others go that may', async () => {
      assert.deepEqual(await crowded({ restore: 'when-full', deadline: '20 s' }), { answers: 60 })
    })

    it('is a typed error where none may', async () => {
      const { answers, failed } = await crowded({ restore: 'on-error', deadline: '20 s' })
      assert.equal(failed, 'INSTANCE_FAILED')
      assert(answers > 5 && answers < 60)
    })
  },
)

describe('the options', () => {
  for (const [name, ...wrong] of [
    ['instances', 0, 1.5, -1, NaN, '5', null],
    ['idle', 0, '9 ms', '-1 s', 'soon', NaN, null],
    ['start', 'later', '', 1, null],
  ] as const) {
    it(`refuse what ${name} cannot be`, () => {
      for (const value of wrong) failure('OPTION_INVALID', () => Reflect.apply(wasm, undefined, [{ [name]: value }]))
    })
  }

  it('refuse an idle time of its own for a plugin that keeps its state', async () => {
    await using host = hostOf({})
    const error = await rejection('OPTION_INVALID', plug(host, 'a', { limits: { idle: '1 s' } }))
    assert.match(error.message, /'idle' to '1 s'.*'restore' is 'on-error'/)
    const plugin = await plug(host, 'a', { limits: { idle: Infinity } })
    assert.equal(count(plugin), 1)
  })
})
