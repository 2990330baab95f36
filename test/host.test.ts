import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join, relative } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { artifactKind, defaults, Mortise, type Plugin, type Source } from 'mortise'
import { action, type ActionHooks, type JsonObject } from 'mortise/action'
import { contract } from 'mortise/contract'
import { esm } from 'mortise/esm'
import { wasm } from 'mortise/wasm'
import { inFolder } from './support/guest.ts'
import { actionWat, benchContract, failure, plugBench, rejection, stringData, typed, wat } from './support/wat.ts'

const echo = wat(actionWat('(local.get $event)'))
/** A guest that answers with one text, so that each has a digest of its own. */
const says = (text: string): Uint8Array<ArrayBuffer> => wat(actionWat('(i32.const 516)', stringData(516, text)))
const one = says('{"is":1}')
const two = says('{"is":2}')
const script = Buffer.from('export const main = (event) => event')

const onWasm = (): Mortise<'wasm'> => new Mortise({ runtimes: [wasm()] })
const onBoth = (): Mortise<'wasm' | 'esm'> => new Mortise({ runtimes: [wasm(), esm()] })

/** Calls with arguments that the types do not allow. */
function untyped(target: object, method: string, ...args: readonly unknown[]): unknown {
  const called: unknown = Reflect.get(target, method)
  assert(typeof called === 'function')
  const result: unknown = Reflect.apply(called, target, args)
  return result
}

function applied(called: (...args: never[]) => unknown, options: unknown): unknown {
  const result: unknown = Reflect.apply(called, undefined, [options])
  return result
}

function constructed(options: unknown): unknown {
  const result: unknown = Reflect.construct(Mortise, [options])
  return result
}

async function untypedPlug(host: object, ...args: readonly unknown[]): Promise<unknown> {
  return untyped(host, 'plug', ...args)
}

describe('a host', () => {
  it('needs runtimes, each once', () => {
    for (const options of [
      {},
      { runtimes: [] },
      { runtimes: undefined },
      { runtimes: wasm() },
      { runtimes: [wasm(), wasm()] },
    ]) {
      failure('OPTION_INVALID', () => constructed(options))
    }
  })

  for (const runtime of [undefined, null, 5, 'wasm', {}, { kind: 'constructor' }]) {
    it(`refuses ${JSON.stringify(runtime) ?? 'undefined'} as a runtime`, () => {
      failure('OPTION_INVALID', () => constructed({ runtimes: [runtime] }))
    })
  }

  it('refuses an option that does not exist, by name', () => {
    const error = failure('OPTION_UNKNOWN', () =>
      Reflect.construct(Mortise, [{ runtimes: [wasm()], logger: () => {} }]),
    )
    assert.match(error.message, /'logger'/)
  })

  it('refuses a log that is no function', () => {
    failure('OPTION_INVALID', () => constructed({ runtimes: [wasm()], log: 'console' }))
  })

  it('knows its plugins by name', async () => {
    await using host = onWasm()
    assert.equal(host.plugins.size, 0)
    const plugin = await host.plug('a', echo, action)
    assert.equal(host.plugins.get('a'), plugin)
    await host.plug('b', echo, action)
    assert.deepEqual([...host.plugins.keys()], ['a', 'b'])
    await plugin.unplug()
    assert.deepEqual([...host.plugins.keys()], ['b'])
  })

  it('unplugs everything when it is disposed of', async () => {
    let kept: Plugin<ActionHooks> | undefined
    let left: Mortise<'wasm'> | undefined
    {
      await using host = onWasm()
      left = host
      kept = await host.plug('a', echo, action)
      assert.deepEqual(kept.hooks.main({ a: 1 }), { a: 1 })
    }
    assert.equal(left.plugins.size, 0)
    failure('PLUGIN_UNPLUGGED', () => kept.hooks.main({}))
    await rejection('PLUGIN_UNPLUGGED', kept.swap(echo))
    await rejection('HOST_CLOSED', left.plug('a', echo, action))
  })

  it('may be closed twice, and closed while plugins come', async () => {
    const host = onWasm()
    const plugging = Array.from({ length: 10 }, (_, index) => host.plug(`p${index}`, says(`{"is":${index}}`), action))
    const settled = Promise.allSettled(plugging)
    await Promise.all([host.close(), host.close()])
    await host.close()
    for (const result of await settled) {
      if (result.status === 'rejected') typed('HOST_CLOSED', result.reason)
      else failure('PLUGIN_UNPLUGGED', () => result.value.hooks.main({}))
    }
    assert.equal(host.plugins.size, 0)
    await rejection('HOST_CLOSED', host.plug('late', echo, action))
  })
})

describe('the name of a plugin', () => {
  const good = ['a', 'A', '0', 'a.b-c_d', 'x'.repeat(100), 'constructor', 'toString']
  const bad = ['', '-a', '.a', '_a', 'a b', 'a/b', 'a\n', 'é', 'x'.repeat(101), '../a', '__proto__', 'a\u0000']

  it('may be of letters, digits and three signs', async () => {
    await using host = onWasm()
    for (const name of good) assert.equal((await host.plug(name, echo, action)).name, name)
    assert.equal(host.plugins.size, good.length)
  })

  for (const name of bad) {
    it(`may not be ${JSON.stringify(name).slice(0, 20)}`, async () => {
      await using host = onWasm()
      await rejection('OPTION_INVALID', host.plug(name, echo, action))
      assert.equal(host.plugins.size, 0)
    })
  }

  for (const name of [undefined, null, 1, {}, ['a']]) {
    it(`may not be ${JSON.stringify(name) ?? 'undefined'}`, async () => {
      await using host = onWasm()
      await rejection('OPTION_INVALID', untypedPlug(host, name, echo, action))
    })
  }

  it('is taken once', async () => {
    await using host = onWasm()
    const first = await host.plug('a', one, action)
    await rejection('PLUGIN_EXISTS', host.plug('a', two, action))
    assert.deepEqual(first.hooks.main({}), { is: 1 })
  })

  it('is taken by one of many that ask at once', async () => {
    await using host = onWasm()
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => host.plug('a', echo, action)))
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of settled) {
      if (result.status === 'rejected') typed('PLUGIN_EXISTS', result.reason)
    }
  })

  it('is free again after a plug that failed, and after it was unplugged', async () => {
    await using host = onWasm()
    await rejection('MODULE_INVALID', host.plug('a', echo.slice(0, -1), action))
    const plugin = await host.plug('a', one, action)
    await plugin.unplug()
    const next = await host.plug('a', two, action)
    await plugin.unplug()
    assert.deepEqual(next.hooks.main({}), { is: 2 })
    assert.equal(host.plugins.get('a'), next)
  })
})

describe('options', () => {
  const wrong: Readonly<Record<'memory' | 'deadline' | 'fuel' | 'output' | 'sleep' | 'restore', readonly unknown[]>> = {
    memory: [
      -1,
      1.5,
      NaN,
      Infinity,
      65_535,
      65_537,
      2 ** 32 + 65_536,
      '',
      '16',
      '16 mib',
      '16MiBs',
      '1 kB',
      '-1 MiB',
      ' 1 MiB',
      '1.5 B',
      '1e9 B',
      null,
      true,
      {},
      [],
      1n,
      '5 GiB',
      '0x10000 B',
    ],
    deadline: [0, -1, NaN, -Infinity, '', '0 ms', '31 min', '1 MiB', '1 hour', 'Infinity', null, true, {}, 1n],
    fuel: [0, -1, 1.5, NaN, Infinity, 2 ** 53, '', '-1', '1e99', '1 ms', '0', null, true, {}, 1n],
    output: [-1, 0.5, NaN, Infinity, 2 ** 53, '', 'much', '1 ms', '1 MiB ', null, false, {}, 1n],
    sleep: [-1, NaN, Infinity, '', '1 MiB', '1 hour', null, {}, 1n],
    restore: ['never', '', 'always', 'When-Full', null, 0, true, {}, 'toString'],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const shown = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? 'undefined')
      it(`refuse ${name}: ${typeof value === 'number' ? value : shown}, from runtime and plugin`, async () => {
        const error = failure('OPTION_INVALID', () => applied(wasm, { [name]: value }))
        assert.match(error.message, new RegExp(`'${name}'`))
        await using host = onWasm()
        const again = await rejection(
          'OPTION_INVALID',
          untypedPlug(host, 'a', echo, action, { limits: { [name]: value } }),
        )
        assert.match(again.message, new RegExp(`'${name}'`))
        assert.equal(host.plugins.size, 0)
      })
    }
  }

  it('take every way of writing a limit', async () => {
    const good: Readonly<Record<string, readonly unknown[]>> = {
      memory: [65_536, '64 KiB', '64KiB', '1 MiB', '0.5 MiB', '4 GiB', '65536 B', 2 ** 32, undefined],
      deadline: [1, '50 ms', '1 s', '30 min', Infinity, undefined],
      fuel: [1, '1', '1e6', 2 ** 53 - 1, undefined],
      output: [0, 1, '1 KB', '1.5 KiB', '1 MB', undefined],
      sleep: [0, 10, '50 ms', '1 s', '0.5 s', '1 min', undefined],
      restore: ['on-error', 'when-full', 'every-lease', undefined],
    }
    await using host = onWasm()
    let count = 0
    for (const [name, values] of Object.entries(good)) {
      for (const value of values) {
        applied(wasm, { [name]: value })
        await untypedPlug(host, `p${count++}`, echo, action, { limits: { [name]: value } })
      }
    }
    assert.equal(host.plugins.size, count)
  })

  it('mean what they say: the limit of the plugin, then that of the runtime, then the default', async () => {
    const grower = `(module (memory (export "memory") 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`
    const room = async (runtime: number | undefined, plugin: number | undefined): Promise<number> => {
      const memory = (bytes: number | undefined): { memory?: number } => (bytes === undefined ? {} : { memory: bytes })
      await using bench = await plugBench(grower, { wasm: memory(runtime), limits: memory(plugin) })
      let pages = 1
      while (bench.call('grow', 1) !== -1) pages++
      return pages
    }
    assert.equal(await room(undefined, undefined), defaults.memory / 65_536)
    assert.equal(await room(3 * 65_536, undefined), 3)
    assert.equal(await room(3 * 65_536, 2 * 65_536), 2)
    assert.equal(await room(3 * 65_536, 5 * 65_536), 5)
  })

  it('that do not exist are refused by name', async () => {
    await using host = onBoth()
    const unknown: readonly (() => unknown)[] = [
      () => applied(wasm, { deadline_ms: 1 }),
      () => applied(wasm, { Memory: 1 }),
      () => applied(wasm, { constructor: 1 }),
      () => applied(wasm, { system: { clock: () => 0n } }),
      () => applied(esm, { memory: '16 MiB' }),
      () => applied(esm, { restore: 'on-error' }),
    ]
    for (const run of unknown) failure('OPTION_UNKNOWN', run)
    await rejection('OPTION_UNKNOWN', untypedPlug(host, 'a', echo, action, { memory: '1 MiB' }))
    await rejection('OPTION_UNKNOWN', untypedPlug(host, 'a', echo, action, { limits: { speed: 1 } }))
    const error = await rejection(
      'OPTION_UNKNOWN',
      untypedPlug(host, 'a', script, action, { limits: { memory: '1 MiB' } }),
    )
    assert.match(error.message, /'memory'/)
    assert.equal(host.plugins.size, 0)
  })

  for (const options of [
    { limits: 'wide' },
    { limits: null },
    { limits: 1 },
    { config: 'KEY=1' },
    { config: { KEY: 1 } },
    { config: null },
    { runtime: 'native' },
    { runtime: 1 },
  ]) {
    it(`refuse ${JSON.stringify(options)} with a typed error`, async () => {
      await using host = onWasm()
      await rejection(
        ['OPTION_INVALID', 'OPTION_UNKNOWN', 'RUNTIME_NOT_ALLOWED'],
        untypedPlug(host, 'a', echo, action, options),
      )
      assert.equal(host.plugins.size, 0)
    })
  }

  for (const part of ['now', 'monotonic', 'random', 'sleep']) {
    it(`refuse a ${part} of the system that is no function`, () => {
      failure('OPTION_INVALID', () => applied(wasm, { system: { [part]: 1 } }))
    })
  }
})

describe('what runs is what the host was built for', () => {
  /** JavaScript that leaves a mark on the process if it ever runs. */
  const marked = (context: TestContext): { readonly source: Uint8Array; readonly ran: () => boolean } => {
    const mark = `mortise test ${context.fullName}`
    context.after(() => Reflect.deleteProperty(globalThis, mark))
    return {
      source: Buffer.from(`globalThis[${JSON.stringify(mark)}] = true; export const main = (event) => event`),
      ran: () => Reflect.has(globalThis, mark),
    }
  }

  it('a host of wasm only runs nothing of an ES module', async (context) => {
    const { source, ran } = marked(context)
    await using host = onWasm()
    await rejection('RUNTIME_NOT_ALLOWED', host.plug('a', source, action))
    const plugin = await host.plug('a', echo, action)
    await rejection('RUNTIME_NOT_ALLOWED', plugin.swap(source))
    assert.deepEqual(plugin.hooks.main({ still: 1 }), { still: 1 })
    assert(!ran())
    await using other = new Mortise({ runtimes: [esm()] })
    await other.plug('a', source, action)
    assert(ran(), 'the mark works')
  })

  it('a host of esm only takes no WebAssembly', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    await rejection('RUNTIME_NOT_ALLOWED', host.plug('a', echo, action))
  })

  it('a plugin of one runtime takes nothing of another, at plug and at swap', async (context) => {
    const { source, ran } = marked(context)
    await using host = onBoth()
    await rejection('RUNTIME_NOT_ALLOWED', host.plug('a', source, action, { runtime: 'wasm' }))
    await rejection('RUNTIME_NOT_ALLOWED', host.plug('a', echo, action, { runtime: 'esm' }))
    const plugin = await host.plug('a', echo, action, { runtime: 'wasm' })
    const result: JsonObject = plugin.hooks.main({ a: 1 })
    assert.deepEqual(result, { a: 1 })
    await rejection('RUNTIME_NOT_ALLOWED', plugin.swap(source))
    assert.equal(plugin.runtime, 'wasm')
    assert(!ran())
  })

  it('a plugin of any runtime is swapped from one to the other', async () => {
    await using host = onBoth()
    const plugin = await host.plug('a', echo, action)
    const { main } = plugin.hooks
    assert.deepEqual(await main({ on: 'wasm' }), { on: 'wasm' })
    await plugin.swap(script)
    assert.equal(plugin.runtime, 'esm')
    assert.deepEqual(await main({ on: 'esm' }), { on: 'esm' })
    await plugin.swap(one)
    assert.equal(plugin.runtime, 'wasm')
    assert.deepEqual(await main({}), { is: 1 })
    assert.equal(plugin.stats().calls, 3)
  })

  it('a contract without a binding for the runtime runs nothing', async (context) => {
    const { source, ran } = marked(context)
    await using host = onBoth()
    await rejection('CONTRACT_NOT_BOUND', host.plug('a', source, benchContract()))
    assert(!ran())
  })

  it('what is no contract, or has host functions that nobody provides, runs nothing', async (context) => {
    const { source, ran } = marked(context)
    await using host = onBoth()
    const open = contract('open', { main: {} }, { hostFunctions: { look: {} } })
    assert.match((await rejection('OPTION_INVALID', untypedPlug(host, 'a', source, open))).message, /provide\(/)
    for (const given of [undefined, null, {}, 'action', wasm]) {
      await rejection('OPTION_INVALID', untypedPlug(host, 'a', source, given))
    }
    assert(!ran())
    await host.plug('a', source, action)
  })
})

describe('an artifact', () => {
  const bytes = (...values: readonly number[]): Uint8Array<ArrayBuffer> =>
    Uint8Array.from([...values, ...new Uint8Array(60)])
  const kinds: readonly (readonly [
    kind: string,
    code: 'RUNTIME_NOT_ALLOWED' | 'ARTIFACT_UNKNOWN' | 'MODULE_INVALID',
    source: Uint8Array,
  ])[] = [
    ['elf', 'RUNTIME_NOT_ALLOWED', bytes(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1)],
    ['mach-o', 'RUNTIME_NOT_ALLOWED', bytes(0xcf, 0xfa, 0xed, 0xfe)],
    ['mach-o', 'RUNTIME_NOT_ALLOWED', bytes(0xca, 0xfe, 0xba, 0xbe)],
    ['pe', 'RUNTIME_NOT_ALLOWED', bytes(0x4d, 0x5a, 0x90)],
    ['zip', 'RUNTIME_NOT_ALLOWED', bytes(0x50, 0x4b, 0x03, 0x04)],
    ['zip', 'RUNTIME_NOT_ALLOWED', bytes(0x50, 0x4b, 0x05, 0x06)],
    ['gzip', 'RUNTIME_NOT_ALLOWED', gzipSync(echo)],
    ['script', 'RUNTIME_NOT_ALLOWED', Buffer.from('#!/bin/sh\necho {}\n')],
    ['wasm-component', 'RUNTIME_NOT_ALLOWED', bytes(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)],
    ['wasm-module', 'MODULE_INVALID', bytes(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0)],
    ['wasm-module', 'MODULE_INVALID', Uint8Array.of(0, 0x61, 0x73, 0x6d)],
    ['unknown', 'ARTIFACT_UNKNOWN', Uint8Array.of()],
    ['unknown', 'ARTIFACT_UNKNOWN', Uint8Array.of(0)],
    ['unknown', 'ARTIFACT_UNKNOWN', Uint8Array.of(0, 0x61, 0x73)],
    ['unknown', 'ARTIFACT_UNKNOWN', Uint8Array.of(0xff, 0xfe, 0x41, 0)],
    ['unknown', 'ARTIFACT_UNKNOWN', Buffer.from('text\u0000with a zero')],
    ['unknown', 'ARTIFACT_UNKNOWN', Buffer.from([0xc3, 0x28])],
    ['javascript', 'RUNTIME_NOT_ALLOWED', script],
    ['javascript', 'RUNTIME_NOT_ALLOWED', Buffer.from('\ufeffexport {}')],
    ['javascript', 'RUNTIME_NOT_ALLOWED', Buffer.from(' ')],
  ]
  for (const [kind, code, source] of kinds) {
    it(`of ${kind} (${Buffer.from(source.subarray(0, 8)).toString('hex')}) is ${code}`, async () => {
      assert.equal(artifactKind(source), kind)
      await using host = onWasm()
      const error = await rejection(code, host.plug('a', source, action))
      if (code === 'RUNTIME_NOT_ALLOWED') assert.match(error.message, new RegExp(`'${kind}'`))
      const plugin = await host.plug('a', echo, action)
      await rejection(code, plugin.swap(source))
      assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
    })
  }

  it('of random bytes is a typed error', async () => {
    await using host = onBoth()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (source) => {
        await rejection(
          ['ARTIFACT_UNKNOWN', 'RUNTIME_NOT_ALLOWED', 'MODULE_INVALID', 'MODULE_REFUSED'],
          host.plug('a', source, action),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('is the same by path, by URL and as bytes, and its digest is that of the bytes', () =>
    inFolder({}, async (folder) => {
      const { writeFile } = await import('node:fs/promises')
      const path = join(folder, 'sm\u00f8rrebr\u00f8d #1 100% ?x.txt')
      await writeFile(path, echo)
      const digest = createHash('sha256').update(echo).digest('hex')
      await using host = onWasm()
      const sources: readonly Source[] = [
        path,
        relative(process.cwd(), path),
        pathToFileURL(path),
        echo,
        Buffer.from(echo),
        Buffer.concat([Buffer.from('xx'), echo]).subarray(2),
      ]
      for (const [index, source] of sources.entries()) {
        const plugin = await host.plug(`p${index}`, source, action)
        assert.equal(plugin.digest, digest)
        assert.deepEqual(plugin.hooks.main({ index }), { index })
      }
    }))

  it('by path runs as an ES module whatever its name has in it', () =>
    inFolder({ 'a b#c?d%20.mjs': 'export const main = () => ({ is: import.meta.url.length > 0 })' }, async (folder) => {
      await using host = new Mortise({ runtimes: [esm()] })
      const plugin = await host.plug('a', join(folder, 'a b#c?d%20.mjs'), action)
      assert.deepEqual(await plugin.hooks.main({}), { is: true })
    }))

  it('by path is read once: what is checked is what runs', () =>
    inFolder({}, async (folder) => {
      const { writeFile } = await import('node:fs/promises')
      const path = join(folder, 'guest.wasm')
      await writeFile(path, one)
      await using host = onWasm()
      const plugin = await host.plug('a', path, action)
      await writeFile(path, two)
      assert.deepEqual(plugin.hooks.main({}), { is: 1 })
      const before = plugin.digest
      assert.notEqual(await plugin.swap(path), before)
      assert.deepEqual(plugin.hooks.main({}), { is: 2 })
    }))

  it('as bytes is copied before the first wait', async () => {
    await using host = onWasm()
    const source = Uint8Array.from(one)
    const plugging = host.plug('a', source, action)
    source.fill(0)
    const plugin = await plugging
    assert.deepEqual(plugin.hooks.main({}), { is: 1 })
    assert.equal(plugin.digest, createHash('sha256').update(one).digest('hex'))
    const again = Uint8Array.from(two)
    const swapping = plugin.swap(again)
    again.fill(0)
    await swapping
    assert.deepEqual(plugin.hooks.main({}), { is: 2 })
  })

  for (const source of [
    '/no/such/file.wasm',
    '',
    '.',
    'a\u0000b',
    new URL('https://example.com/a.wasm'),
    new URL('data:text/plain,a'),
  ]) {
    it(`that cannot be read (${JSON.stringify(source)}) is a typed error`, async () => {
      await using host = onBoth()
      await rejection('ARTIFACT_UNREADABLE', host.plug('a', source, action))
      const plugin = await host.plug('a', one, action)
      await rejection('ARTIFACT_UNREADABLE', plugin.swap(source))
      assert.deepEqual(await plugin.hooks.main({}), { is: 1 })
    })
  }

  for (const source of [undefined, null, 5, {}, [0, 97, 115, 109], new ArrayBuffer(8), new Uint16Array(8)]) {
    it(`that is no source (${Object.prototype.toString.call(source)}) is a typed error`, async () => {
      await using host = onBoth()
      await rejection(['ARTIFACT_UNREADABLE', 'OPTION_INVALID'], untypedPlug(host, 'a', source, action))
      assert.equal(host.plugins.size, 0)
    })
  }

  it('is compiled once, however many plugins and hosts of equal limits it is in', async (context) => {
    let compiled = 0
    const { compile } = WebAssembly
    context.mock.method(WebAssembly, 'compile', async (source: Uint8Array<ArrayBuffer>) => {
      compiled++
      return compile(source)
    })
    const real = WebAssembly.Module
    const counting = new Proxy(real, {
      construct(target, args, self) {
        compiled++
        const module: unknown = Reflect.construct(target, args, self)
        assert(module instanceof real)
        return module
      },
    })
    WebAssembly.Module = counting
    context.after(() => {
      WebAssembly.Module = real
    })

    const guest = says('{"compiled":"once"}')
    await using first = onWasm()
    await using second = onWasm()
    const plugins = await Promise.all(Array.from({ length: 5 }, (_, index) => first.plug(`p${index}`, guest, action)))
    const once = compiled
    assert(once > 0, 'the count works')
    await second.plug('p', guest, action)
    await plugins[0]?.swap(guest)
    assert.equal(compiled, once)
    const other = compiled
    await second.plug('q', says('{"compiled":"anew"}'), action)
    assert.equal(compiled - other, once)
  })
})

describe('a swap', () => {
  const variants = Array.from({ length: 50 }, (_, index) => says(`{"is":${index}}`))
  const digests = variants.map((variant) => createHash('sha256').update(variant).digest('hex'))

  it('waits its turn: of fifty at once the last one asked for is live', async () => {
    await using host = onWasm()
    const plugin = await host.plug('a', echo, action)
    const { main } = plugin.hooks
    const order: number[] = []
    const swaps = variants.map((variant, index) =>
      plugin.swap(variant).then((digest) => {
        order.push(index)
        // Nothing runs between a version's going live and the promise of its swap but what else waits for that.
        assert.deepEqual([digest, plugin.digest, main({})], [digests[index], digests[index], { is: index }])
      }),
    )
    await Promise.all(swaps)
    assert.deepEqual(
      order,
      variants.map((_, index) => index),
    )
    assert.deepEqual(main({}), { is: 49 })
    const { swaps: count, calls } = plugin.stats()
    assert.deepEqual({ count, calls }, { count: 50, calls: 51 })
  })

  it('never leaves the plugin without a version', async () => {
    await using host = onWasm()
    const plugin = await host.plug('a', variants[0] ?? echo, action)
    const state = { swapping: true }
    const all = Promise.all(variants.map((variant) => plugin.swap(variant))).finally(() => {
      state.swapping = false
    })
    let calls = 0
    let highest = 0
    while (state.swapping) {
      const { is } = plugin.hooks.main({})
      assert(typeof is === 'number' && is >= highest, `${JSON.stringify(is)} after ${highest}`)
      highest = is
      calls++
      await setImmediate()
    }
    await all
    assert.equal(plugin.stats().calls, calls)
    assert.deepEqual(plugin.hooks.main({}), { is: 49 })
  })

  it('to what cannot go live changes nothing, and those after it go on', async () => {
    const bad: readonly (readonly [Source, Parameters<typeof rejection>[0]])[] = [
      [echo.slice(0, -3), 'MODULE_INVALID'],
      ['/no/such/file', 'ARTIFACT_UNREADABLE'],
      [wat('(module)'), 'MODULE_REFUSED'],
      [wat('(module (memory (export "memory") 300))'), ['MEMORY_LIMIT', 'MODULE_REFUSED']],
      [wat(actionWat('(local.get $event)', '(func $start unreachable) (start $start)')), 'TRAP_UNREACHABLE'],
      [Uint8Array.of(1, 2, 3), 'ARTIFACT_UNKNOWN'],
    ]
    const counter = wat(
      actionWat(
        `(global.set $count (i32.add (global.get $count) (i32.const 1)))
         (i32.store16 (i32.const 534) (i32.add (global.get $count) (i32.const 48)))
         (i32.const 516)`,
        `(global $count (mut i32) (i32.const 0)) ${stringData(516, '{"count":0}')}`,
      ),
    )
    await using host = onWasm()
    const plugin = await host.plug('a', counter, action)
    const { digest } = plugin
    assert.deepEqual(plugin.hooks.main({}), { count: 1 })
    for (const [source, code] of bad) await rejection(code, plugin.swap(source))
    assert.equal(plugin.digest, digest)
    assert.deepEqual(plugin.hooks.main({}), { count: 2 })
    assert.equal(plugin.stats().swaps, 0)

    const settled = await Promise.allSettled([
      ...bad.map(([source]) => plugin.swap(source)),
      plugin.swap(one),
      plugin.swap(echo.slice(0, 9)),
    ])
    assert.deepEqual(
      settled.map(({ status }) => status),
      [...bad.map(() => 'rejected'), 'fulfilled', 'rejected'],
    )
    assert.deepEqual(plugin.hooks.main({}), { is: 1 })
    assert.deepEqual([plugin.stats().swaps, plugin.stats().calls], [1, 3])
  })

  it('that was asked for before an unplug comes before it, and one asked for after it is refused', async () => {
    await using host = onWasm()
    const plugin = await host.plug('a', echo, action)
    const before = plugin.swap(one)
    const unplugged = plugin.unplug()
    const after = plugin.swap(two)
    const refused = rejection('PLUGIN_UNPLUGGED', after)
    await before
    await unplugged
    await refused
    assert.equal(host.plugins.size, 0)
    failure('PLUGIN_UNPLUGGED', () => plugin.hooks.main({}))
  })

  it('from inside a call of the plugin itself is fine', async () => {
    let swapped: Promise<string> | undefined
    await using host = new Mortise({
      runtimes: [wasm()],
      log: () => {
        swapped ??= plugin.swap(one)
      },
    })
    const guest = wat(
      actionWat(
        '(call $log (i32.const 1) (local.get $event)) (local.get $event)',
        '',
        '(import "tenon" "log" (func $log (param i32 i32)))',
      ),
    )
    const plugin = await host.plug('a', guest, action)
    assert.deepEqual(plugin.hooks.main({ in: 1 }), { in: 1 })
    await swapped
    assert.deepEqual(plugin.hooks.main({}), { is: 1 })
  })

  it('is a plugin of its own no more than its hooks are: kept, destructured, bound', async () => {
    await using host = onWasm()
    const plugin = await host.plug('a', one, action)
    const { hooks } = plugin
    const { main } = hooks
    const bound = main.bind(undefined)
    await plugin.swap(two)
    assert.equal(plugin.hooks, hooks)
    assert.equal(plugin.hooks.main, main)
    assert.deepEqual([hooks.main({}), main({}), bound({})], [{ is: 2 }, { is: 2 }, { is: 2 }])
    assert.throws(() => Object.assign(hooks, { main: () => ({}) }), TypeError)
  })
})

/** Compiled, never run: what the types of the public API allow. */
export async function types(): Promise<void> {
  const wasmOnly = new Mortise({ runtimes: [wasm()] })
  const esmOnly = new Mortise({ runtimes: [esm()] })
  const both = new Mortise({ runtimes: [wasm(), esm()] })
  void (wasmOnly satisfies Mortise<'wasm'>)
  void (esmOnly satisfies Mortise<'esm'>)
  void (both satisfies Mortise<'wasm' | 'esm'>)

  // On wasm alone a hook returns at once.
  const direct = await wasmOnly.plug('a', echo, action)
  const answer = direct.hooks.main({})
  void (answer satisfies JsonObject)

  // On esm it does not.
  const later = await esmOnly.plug('a', script, action)
  const promise = later.hooks.main({})
  void (promise satisfies Promise<JsonObject>)
  // @ts-expect-error -- the promise was not awaited
  const missing: JsonObject = promise
  void missing

  // Where the runtime is not known it may or may not, unless the plugin says which it takes.
  const either = await both.plug('a', echo, action)
  const unknown = either.hooks.main({})
  void (unknown satisfies JsonObject | Promise<JsonObject>)
  // @ts-expect-error -- it may be a promise
  const wrong: JsonObject = unknown
  void wrong
  const chosen = (await both.plug('a', echo, action, { runtime: 'wasm' })).hooks.main({})
  void (chosen satisfies JsonObject)
  const waiting = (await both.plug('a', echo, action, { runtime: 'esm' })).hooks.main({})
  void (waiting satisfies Promise<JsonObject>)

  // A host without a runtime for a contract.
  // @ts-expect-error -- the contract is bound to wasm only
  await esmOnly.plug('a', echo, benchContract())
  await both.plug('a', echo, benchContract())
  // @ts-expect-error -- the host has no esm
  await wasmOnly.plug('a', echo, action, { runtime: 'esm' })
  // @ts-expect-error -- the contract has no binding to esm
  await both.plug('a', echo, benchContract(), { runtime: 'esm' })

  // Only the limits that every possible runtime enforces.
  await wasmOnly.plug('a', echo, action, { limits: { memory: '1 MiB', output: 1, sleep: '1 s', restore: 'on-error' } })
  await esmOnly.plug('a', echo, action, { limits: { output: '1 KiB' } })
  await both.plug('a', echo, action, { limits: { output: '1 KiB' } })
  await both.plug('a', echo, action, { runtime: 'wasm', limits: { memory: '1 MiB' } })
  await both.plug('a', echo, benchContract(), { limits: { memory: '1 MiB' } })
  // @ts-expect-error -- esm does not limit memory
  await esmOnly.plug('a', echo, action, { limits: { memory: '1 MiB' } })
  // @ts-expect-error -- of the two only wasm limits memory
  await both.plug('a', echo, action, { limits: { memory: '1 MiB' } })
  // @ts-expect-error -- there is no such limit
  await wasmOnly.plug('a', echo, action, { limits: { memroy: '1 MiB' } })
  // @ts-expect-error -- there is no such option
  await wasmOnly.plug('a', echo, action, { memory: '1 MiB' })
  // @ts-expect-error -- there is no such policy
  wasm({ restore: 'never' })
  // @ts-expect-error -- esm does not restore
  esm({ restore: 'on-error' })
  // @ts-expect-error -- settings are text
  await wasmOnly.plug('a', echo, action, { config: { port: 80 } })

  // Events are JSON objects.
  // @ts-expect-error -- a text is none
  direct.hooks.main('text')
  // @ts-expect-error -- JSON has no BigInt
  direct.hooks.main({ a: 1n })
  // @ts-expect-error -- an event is needed
  direct.hooks.main()
  // @ts-expect-error -- there is no such hook
  void direct.hooks.other
  // @ts-expect-error -- hooks are not replaced
  direct.hooks.main = () => ({})
  // @ts-expect-error -- a host needs runtimes
  void new Mortise({})
}
