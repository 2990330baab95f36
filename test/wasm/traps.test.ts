import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { catalogue, type ErrorCode, Mortise, MortiseError, type PluginLogLine } from 'mortise'
import { action } from 'mortise/action'
import { wasm } from 'mortise/wasm'
import { buildText } from '../support/guest.ts'
import {
  actionWat,
  benchContract,
  failure,
  type HostFunctions,
  leb,
  plugBench,
  rejection,
  sections,
  stringData,
  wat,
} from '../support/wat.ts'

const isCode = (name: string): name is ErrorCode => Object.hasOwn(catalogue, name)

const raise = (thrown: unknown): never => {
  throw thrown
}

const talking = '(import "tenon" "log" (func $log (param i32 i32)))'

describe('each cause of a trap has its code', () => {
  const more = `(memory (export "memory") 1) (table $table 4 funcref) (table $refs 2 externref)
    (type $number (func (result i32))) (type $other (func (param i64) (result f32)))
    (elem $dropped func $number) (elem (i32.const 1) $number) (data $bytes "0123456789")
    (tag $tag (param i32))
    (func $number (result i32) (i32.const 1))
    (func $deep (result i32) (i32.add (call $deep) (i32.const 1)))`
  const minimum = (type: 'i32' | 'i64'): string =>
    type === 'i32' ? '(i32.const 0x80000000)' : '(i64.const 0x8000000000000000)'
  const causes: Readonly<Partial<Record<ErrorCode, Readonly<Record<string, string>>>>> = {
    TRAP_UNREACHABLE: { unreachable: 'unreachable' },
    TRAP_OUT_OF_BOUNDS: {
      'i32.load': '(drop (i32.load (i32.const -1)))',
      'i32.load, half outside': '(drop (i32.load (i32.const 65533)))',
      'i32.load by its offset': '(drop (i32.load offset=65533 (i32.const 0)))',
      'i64.store': '(i64.store (i32.const 65529) (i64.const 0))',
      'i32.store8': '(i32.store8 (i32.const 65536) (i32.const 0))',
      'f64.load': '(drop (f64.load (i32.const 65529)))',
      'v128.load': '(drop (v128.load (i32.const 65521)))',
      'v128.store': '(v128.store (i32.const 65521) (v128.const i64x2 0 0))',
      'memory.fill': '(memory.fill (i32.const 65535) (i32.const 0) (i32.const 2))',
      'memory.copy': '(memory.copy (i32.const 65535) (i32.const 0) (i32.const 2))',
      'memory.copy from outside': '(memory.copy (i32.const 0) (i32.const 65535) (i32.const 2))',
      'memory.init to outside': '(memory.init $bytes (i32.const 65535) (i32.const 0) (i32.const 2))',
      'memory.init from beyond its segment': '(memory.init $bytes (i32.const 0) (i32.const 9) (i32.const 2))',
      'memory.init of a dropped segment':
        '(data.drop $bytes) (memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 1))',
    },
    TRAP_DIVIDE_BY_ZERO: {
      'i32.div_s': '(drop (i32.div_s (i32.const 1) (i32.const 0)))',
      'i32.div_u': '(drop (i32.div_u (i32.const 1) (i32.const 0)))',
      'i32.rem_s': '(drop (i32.rem_s (i32.const 1) (i32.const 0)))',
      'i32.rem_u': '(drop (i32.rem_u (i32.const 1) (i32.const 0)))',
      'i64.div_s': '(drop (i64.div_s (i64.const 1) (i64.const 0)))',
      'i64.div_u': '(drop (i64.div_u (i64.const 1) (i64.const 0)))',
      'i64.rem_s': '(drop (i64.rem_s (i64.const 1) (i64.const 0)))',
      'i64.rem_u': '(drop (i64.rem_u (i64.const 1) (i64.const 0)))',
    },
    TRAP_INTEGER_OVERFLOW: {
      'i32.div_s': `(drop (i32.div_s ${minimum('i32')} (i32.const -1)))`,
      'i64.div_s': `(drop (i64.div_s ${minimum('i64')} (i64.const -1)))`,
    },
    TRAP_INVALID_CONVERSION: Object.fromEntries(
      (['i32', 'i64'] as const).flatMap((to) =>
        (['f32', 'f64'] as const).flatMap((from) =>
          (['s', 'u'] as const).flatMap((sign) =>
            ['nan', '1e30', '-1e30', 'inf'].map((value) => [
              `${to}.trunc_${from}_${sign} of ${value}`,
              `(drop (${to}.trunc_${from}_${sign} (${from}.const ${value})))`,
            ]),
          ),
        ),
      ),
    ),
    TRAP_TABLE_ACCESS: {
      'table.get': '(drop (table.get $refs (i32.const 2)))',
      'table.set': '(table.set $refs (i32.const -1) (ref.null extern))',
      'table.fill': '(table.fill $refs (i32.const 1) (ref.null extern) (i32.const 2))',
      'table.copy': '(table.copy $table $table (i32.const 3) (i32.const 0) (i32.const 2))',
      'table.init to outside': '(table.init $table $dropped (i32.const 4) (i32.const 0) (i32.const 1))',
      'table.init from beyond its segment': '(table.init $table $dropped (i32.const 0) (i32.const 0) (i32.const 2))',
      'table.init of a dropped segment':
        '(elem.drop $dropped) (table.init $table $dropped (i32.const 0) (i32.const 0) (i32.const 1))',
      'call_indirect beyond the table': '(drop (call_indirect (type $number) (i32.const 4)))',
    },
    TRAP_INDIRECT_CALL: {
      'an empty entry': '(drop (call_indirect (type $number) (i32.const 0)))',
      'another signature': '(drop (call_indirect (type $other) (i64.const 0) (i32.const 1)))',
    },
    TRAP_STACK_OVERFLOW: { 'a function that calls itself': '(drop (call $deep))' },
    TRAP_EXCEPTION: {
      'a throw': '(throw $tag (i32.const 1))',
      'a throw again': 'try (throw $tag (i32.const 1)) catch $tag drop rethrow 0 end',
      'a throw of a reference':
        '(block $caught (result exnref) (try_table (catch_all_ref $caught) (throw $tag (i32.const 1))) (return)) throw_ref',
    },
    TRAP_OUT_OF_MEMORY: {
      'unreachable after refused growth': '(drop (memory.grow (i32.const 1000))) unreachable',
      'a store where the growth should have been':
        '(i32.store (i32.shl (memory.grow (i32.const 1000)) (i32.const 16)) (i32.const 1))',
    },
  }
  for (const [code, bodies] of Object.entries(causes)) {
    for (const [what, body] of Object.entries(bodies)) {
      it(`${code}: ${what}`, async () => {
        await using plugged = await plugBench(
          `(module ${more} (func $trap (export "trap") ${body}) (func (export "fine") (result i32) (i32.const 5)))`,
        )
        for (let time = 0; time < 2; time++) {
          assert(isCode(code))
          const error = failure(code, () => plugged.call('trap'))
          const { plugin, hook, frames = [] } = error.details
          assert.deepEqual({ plugin, hook }, { plugin: 'guest', hook: 'call' })
          const names = new Set(frames.map((frame) => frame.function))
          // V8 gives the exceptions of WebAssembly no stack. Functions that the host put into the guest are not shown.
          if (code !== 'TRAP_EXCEPTION')
            assert.deepEqual([...names], [code === 'TRAP_STACK_OVERFLOW' ? 'deep' : 'trap'])
          assert.notEqual(error.cause, undefined)
          assert.match(error.message, /'call' of plugin 'guest'/)
          assert.equal(plugged.call('fine'), 5)
        }
        const { errors, restores, lastError } = plugged.plugin.stats()
        assert.deepEqual({ errors, restores, code: lastError?.code }, { errors: 2, restores: 2, code })
      })
    }
  }

  /** `(type $f (func)) (func (export "trap") <body>)`, and `(func $f)`, with function references, which our assembler lacks. */
  const withReferences = (...body: readonly number[]): Uint8Array<ArrayBuffer> =>
    sections(
      [1, 1, 0x60, 0, 0],
      [3, 1, 0],
      [7, 1, 4, ...Buffer.from('trap'), 0, 0],
      [10, 1, body.length + 2, 0, ...body, 0x0b],
    )
  const nulls: Readonly<Record<string, readonly number[]>> = {
    'call_ref of null': [0xd0, 0, 0x14, 0],
    'return_call_ref of null': [0xd0, 0, 0x15, 0],
    'ref.as_non_null of null': [0xd0, 0, 0xd4, 0x1a],
  }
  for (const [what, body] of Object.entries(nulls)) {
    it(`TRAP_NULL_REFERENCE: ${what}`, async () => {
      await using plugged = await plugBench(withReferences(...body))
      for (let time = 0; time < 2; time++) failure('TRAP_NULL_REFERENCE', () => plugged.call('trap'))
    })
  }
})

describe("the guest's stack", () => {
  const frames = (error: MortiseError): readonly string[] => (error.details.frames ?? []).map((frame) => frame.function)
  const source = `(module (import "bench" "note" (func $note))
    (func $inner unreachable)
    (func $middle (param i32) (call $inner))
    (func (export "outer") (call $middle (i32.const 1))))`
  const functions: HostFunctions = { note: ['func () -> ()', () => () => {}] }

  it('is by the names of the name section, innermost first', async () => {
    await using plugged = await plugBench(source.replace('(func (export "outer")', '(func $outer (export "other")'), {
      functions,
    })
    const error = failure('TRAP_UNREACHABLE', () => plugged.call('other'))
    assert.deepEqual(frames(error), ['inner', 'middle', 'outer'])
    assert.deepEqual(
      error.details.frames?.map(({ index }) => index),
      [1, 2, 3],
    )
    for (const { offset } of error.details.frames ?? []) assert(Number.isInteger(offset) && offset > 0)
  })

  it('falls back to the exports, then to the index', async () => {
    await using plugged = await plugBench(wat(source, { names: false }), { functions })
    assert.deepEqual(frames(failure('TRAP_UNREACHABLE', () => plugged.call('outer'))), ['$1', '$2', 'outer'])
  })

  it('has at most 30 frames', async () => {
    await using plugged = await plugBench(
      '(module (func $down (export "down") (param i32) (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))) (else unreachable))))',
    )
    const all = frames(failure('TRAP_UNREACHABLE', () => plugged.call('down', 1000)))
    assert(all.length >= 5 && all.length <= 30, `${all.length} frames`)
    assert(all.every((name) => name === 'down'))
    assert.equal(frames(failure('TRAP_UNREACHABLE', () => plugged.call('down', 4))).length, 5)
  })

  const names = [
    'a b',
    'x (wasm://wasm/00000000:wasm-function[77]:0x1)',
    'two\nlines',
    'at other (file:///etc/passwd:1:1)',
    'wasm-function[9]',
    'x\n    at y (wasm://wasm/00000000:wasm-function[77]:0x1)',
    '日本 🦀',
    '$5',
    '',
    'x'.repeat(5000),
    '<anonymous>',
    'Object.<anonymous> [as y]',
    ')',
    '__proto__',
    'constructor',
  ]
  for (const name of names) {
    it(`keeps the name ${JSON.stringify(name.slice(0, 50))}`, async () => {
      await using plugged = await plugBench(named(name))
      const error = failure('TRAP_UNREACHABLE', () => plugged.call('run'))
      const { frames: all = [] } = error.details
      assert.deepEqual(
        all.map(({ index }) => index),
        [0, 1],
      )
      if (name !== '' && name.length < 1000) assert.equal(all[0]?.function, name)
    })
  }

  it('is only its own when guests call guests through the host', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const inner = await host.plug(
      'inner',
      wat('(module (func $a) (func $b) (func $c unreachable) (func $own (export "crash") (call $c)))'),
      benchContract(),
    )
    const thrown: unknown[] = []
    const outer = await host.plug(
      'outer',
      wat(
        '(module (import "bench" "visit" (func $visit)) (func $other (call $visit)) (func $another (export "run") (call $other)))',
      ),
      benchContract({
        visit: [
          'func () -> ()',
          () => () => {
            try {
              inner.hooks.call('crash', [])
            } catch (error) {
              thrown.push(error)
              throw error
            }
          },
        ],
      }),
    )
    const error = failure('HOST_FUNCTION_FAILED', () => outer.hooks.call('run', []))
    const [first] = thrown
    assert(MortiseError.is(first, 'TRAP_UNREACHABLE'))
    assert.equal(error.cause, first)
    assert.equal(first.details.plugin, 'inner')
    assert.deepEqual(frames(first), ['c', 'own'])
    assert.equal(error.details.plugin, 'outer')
    assert.deepEqual(frames(error), ['other', 'another'])
    assert.deepEqual([inner.stats().errors, outer.stats().errors], [1, 1])
  })

  it('does not depend on what the process does to stacks', async (context) => {
    const { stackTraceLimit } = Error
    const prepareStackTrace = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
    const reset = (): void => {
      Error.stackTraceLimit = stackTraceLimit
      if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
      else Object.defineProperty(Error, 'prepareStackTrace', prepareStackTrace)
    }
    context.after(reset)
    await using plugged = await plugBench(source, { functions })
    for (const limit of [0, 1, 5, 1000, Infinity]) {
      Error.stackTraceLimit = limit
      const all = frames(failure('TRAP_UNREACHABLE', () => plugged.call('outer')))
      // V8 takes the stack when it traps, so a process that wants none has none.
      assert.deepEqual(all, ['inner', 'middle', 'outer'].slice(0, limit), `with a limit of ${limit}`)
      assert.equal(Error.stackTraceLimit, limit)
    }
    reset()
    const prepares = [
      () => 'nothing',
      () => undefined,
      () => ({}),
      (_error: Error, sites: readonly object[]) => sites,
      () => raise(new Error('not now')),
    ]
    for (const prepare of prepares) {
      Error.prepareStackTrace = prepare
      let error: unknown
      try {
        plugged.call('outer')
      } catch (thrown) {
        error = thrown
      }
      reset()
      assert(MortiseError.is(error, 'TRAP_UNREACHABLE'))
    }
    assert.deepEqual(frames(failure('TRAP_UNREACHABLE', () => plugged.call('outer'))), ['inner', 'middle', 'outer'])
  })
})

/** `inner`, of this name, traps; `run` calls it. The assembler takes no name that is not an identifier, so it is put in. */
function named(name: string): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(name)
  const functionNames = [1, 0, ...leb(text.length), ...text]
  const content = [4, ...Buffer.from('name'), 1, ...leb(functionNames.length), ...functionNames]
  const module = wat('(module (func unreachable) (func (export "run") (call 0)))', { names: false })
  return Uint8Array.from([...module, 0, ...leb(content.length), ...content])
}

describe('a host function that throws', () => {
  const guest = `(module (import "bench" "fail" (func $fail (param i32) (result i32)))
    (memory (export "memory") 1) (global $depth (mut i32) (i32.const 0)) (tag $tag)
    (func $down (param i32) (result i32)
      (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
      (if (result i32) (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))) (else (call $fail (i32.const 0)))))
    (func (export "run") (param i32) (result i32) (call $down (local.get 0)))
    (func (export "swallow") (result i32) try (result i32) (call $fail (i32.const 0)) catch_all (i32.const 99) end)
    (func (export "again") (result i32) try (result i32) (call $fail (i32.const 0)) catch_all rethrow 0 end)
    (func (export "deepen") (drop (try (result i32) (do (call $fail (i32.const 0))) (catch_all (throw $tag)))))
    (func (export "trap") (drop (try (result i32) (do (call $fail (i32.const 0))) (catch_all unreachable))))
    (func (export "depth") (result i32) (global.get $depth)))`
  const plug = async (fail: () => unknown): ReturnType<typeof plugBench> =>
    plugBench(guest, { functions: { fail: ['func (i32) -> (i32)', () => fail] } })

  const values: readonly (readonly [string, unknown])[] = [
    ['an error', new RangeError('mine')],
    ['a text', 'mine'],
    ['nothing', undefined],
    ['null', null],
    ['a symbol', Symbol('mine')],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['an object without a prototype', Object.create(null)],
    ['an error without a stack', Object.assign(new Error('mine'), { stack: undefined })],
    ['what looks like a trap', Object.assign(new Error('unreachable'), { name: 'RuntimeError' })],
    ['a trap of its own', new WebAssembly.RuntimeError('unreachable')],
    ['a Mortise error', new MortiseError('GUEST_EXIT', 'not of this guest', { exitCode: 3, plugin: 'another' })],
    [
      'an error whose message throws',
      Object.defineProperty(new Error('mine'), 'message', { get: () => assert.fail('no message') }),
    ],
  ]
  for (const [what, thrown] of values) {
    it(`${what}: it is the very cause, through any number of the guest's functions`, async () => {
      await using plugged = await plug(() => {
        throw thrown
      })
      for (const depth of [0, 1, 20]) {
        const error = failure('HOST_FUNCTION_FAILED', () => plugged.call('run', depth))
        assert('cause' in error && Object.is(error.cause, thrown))
        const { plugin, hook } = error.details
        assert.deepEqual({ plugin, hook }, { plugin: 'guest', hook: 'call' })
        assert.equal(plugged.call('depth'), 0, 'it was not restored')
      }
      const again = failure('HOST_FUNCTION_FAILED', () => plugged.call('again'))
      assert(Object.is(again.cause, thrown))
    })
  }

  it('has the stack of the guest that called it', async () => {
    await using plugged = await plug(() => {
      throw new Error('mine')
    })
    const error = failure('HOST_FUNCTION_FAILED', () => plugged.call('run', 2))
    assert.deepEqual(
      error.details.frames?.map((frame) => frame.function),
      ['down', 'down', 'down', 'run'],
    )
    assert.match(error.message, /mine/)
  })

  it('may be caught by the guest, and what comes then is about what came then', async () => {
    await using plugged = await plug(() => {
      throw new Error('mine')
    })
    assert.equal(plugged.call('swallow'), 99)
    assert.equal(plugged.plugin.stats().errors, 0)
    failure('TRAP_EXCEPTION', () => plugged.call('deepen'))
    failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    assert.equal(plugged.call('swallow'), 99)
  })

  it('is not confused with one that threw in a call before', async () => {
    let thrown: unknown = new Error('first')
    await using plugged = await plug(() => {
      if (thrown !== undefined) raise(thrown)
      return 7
    })
    assert.equal(plugged.call('swallow'), 99)
    const second = new Error('second')
    thrown = second
    assert.equal(failure('HOST_FUNCTION_FAILED', () => plugged.call('run', 0)).cause, second)
    thrown = undefined
    assert.equal(plugged.call('run', 3), 7)
  })

  it('or answers with what is no number is a typed error or a zero, and the next call works', async () => {
    let answer: unknown
    await using plugged = await plug(() => answer)
    const poison = { valueOf: () => assert.fail('poison') }
    for (answer of [undefined, null, 'text', 1n, Symbol('x'), {}, poison, NaN]) {
      try {
        assert.equal(plugged.call('run', 0), 0)
      } catch (error) {
        assert(MortiseError.is(error), String(error))
      }
      answer = 3
      assert.equal(plugged.call('run', 0), 3)
    }
  })
})

describe('what the host gives a guest to call', () => {
  it('a log that throws is a failed host function with its error as the cause, and the next call works', async () => {
    let thrown: unknown = new Error('the log is full')
    await using host = new Mortise({
      runtimes: [wasm()],
      log: () => {
        if (thrown !== undefined) raise(thrown)
      },
    })
    const guest = wat(actionWat('(call $log (i32.const 1) (local.get $event)) (local.get $event)', '', talking))
    const plugin = await host.plug('guest', guest, action)
    const error = failure('HOST_FUNCTION_FAILED', () => plugin.hooks.main({ a: 1 }))
    assert.equal(error.cause, thrown)
    thrown = 'no error at all'
    assert.equal(failure('HOST_FUNCTION_FAILED', () => plugin.hooks.main({ a: 1 })).cause, thrown)
    thrown = undefined
    assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
    assert.equal(plugin.stats().restores, 2)
  })

  it('a log that throws while the guest is initialised refuses it, and its name stays free', async () => {
    const thrown = new Error('the log is full')
    await using host = new Mortise({
      runtimes: [wasm()],
      log: () => {
        throw thrown
      },
    })
    const guest = wat(
      actionWat(
        '(local.get $event)',
        `${stringData(516, 'hi')} (func $start (call $log (i32.const 1) (i32.const 516))) (start $start)`,
        talking,
      ),
    )
    const error = await rejection('HOST_FUNCTION_FAILED', host.plug('guest', guest, action))
    assert.equal(error.cause, thrown)
    await host.plug('guest', wat(actionWat('(local.get $event)')), action)
  })

  for (const deadline of ['20 s', Infinity])
    it(`cannot be swallowed where it enforces a limit, with a deadline of ${deadline}`, async () => {
      const lines: PluginLogLine[] = []
      await using host = new Mortise({ runtimes: [wasm({ output: 1000, deadline })], log: (line) => lines.push(line) })
      const guest = wat(
        actionWat(
          `(local $left i32) (local.set $left (i32.const 10000))
         (loop $more
           try (call $log (i32.const 1) (local.get $event)) catch_all end
           (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
         (local.get $event)`,
          '',
          talking,
        ),
      )
      const plugin = await host.plug('guest', guest, action)
      failure('OUTPUT_LIMIT', () => plugin.hooks.main({ text: 'x'.repeat(20) }))
      assert(lines.reduce((sum, { text }) => sum + text.length, 0) <= 1000)
      lines.length = 0
      failure('OUTPUT_LIMIT', () => plugin.hooks.main({ text: 'x'.repeat(20) }))
      assert(lines.length > 0)
    })

  for (const deadline of ['20 s', Infinity])
    it(`an exit that the guest catches is still its end, with a deadline of ${deadline}`, async () => {
      await using plugged = await plugBench(
        `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func (export "run") (param i32) (result i32) try (call $exit (local.get 0)) catch_all end (i32.const 1)))`,
        { wasm: { deadline } },
      )
      const error = failure('GUEST_EXIT', () => plugged.call('run', 3))
      assert.equal(error.details.exitCode, 3)
    })

  it('an exit in a call is GUEST_EXIT with its code, zero too', async () => {
    await using plugged =
      await plugBench(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1) (func (export "run") (param i32) (call $exit (local.get 0))))`)
    for (const code of [0, 1, 255])
      assert.equal(failure('GUEST_EXIT', () => plugged.call('run', code)).details.exitCode, code)
  })

  it('may unplug, swap and close the host from inside a call', async () => {
    const echo = wat(actionWat('(call $log (i32.const 1) (local.get $event)) (local.get $event)', '', talking))
    for (const what of ['unplug', 'swap', 'close'] as const) {
      const done: Promise<unknown>[] = []
      await using host = new Mortise({
        runtimes: [wasm()],
        log: () => {
          if (done.length > 0) return
          done.push(what === 'unplug' ? plugin.unplug() : what === 'swap' ? plugin.swap(echo) : host.close())
        },
      })
      const plugin = await host.plug('guest', echo, action)
      assert.deepEqual(plugin.hooks.main({ what }), { what })
      await Promise.all(done)
      if (what === 'swap') assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
      else failure('PLUGIN_UNPLUGGED', () => plugin.hooks.main({}))
    }
  })
})

describe('an abort', () => {
  const source = [
    "import { log } from 'tenon/action'",
    '@json class Event { how: string = "" }',
    'function give(up: string): void {',
    '  if (up == "throw") throw new Error("gave up é🦀")',
    '  if (up == "assert") assert(false, "not so")',
    '  if (up == "bare") abort()',
    '  if (up == "null") assert(false)',
    '}',
    'export function main(event: Event): string {',
    '  give(event.how)',
    '  const list: i32[] = [1]',
    '  if (event.how == "range") return list[event.how.length].toString()',
    '  if (event.how == "trap") unreachable()',
    '  log.info("fine")',
    '  return "{}"',
    '}',
  ].join('\n')

  it('in a tenon guest says its message, file, line and column', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', await buildText(source), action)
    const thrown = failure('GUEST_ABORT', () => plugin.hooks.main({ how: 'throw' }))
    assert.deepEqual(
      { ...thrown.details.guest, file: 'index.ts' },
      { message: 'gave up é🦀', file: 'index.ts', line: 4, column: 22 },
    )
    assert.match(thrown.details.guest?.file ?? '', /index\.ts$/)
    assert.match(thrown.message, /gave up é🦀/)
    assert.match(thrown.message, /index\.ts:4:22/)
    const asserted = failure('GUEST_ABORT', () => plugin.hooks.main({ how: 'assert' }))
    assert.deepEqual([asserted.details.guest?.message, asserted.details.guest?.line], ['not so', 5])
    failure('GUEST_ABORT', () => plugin.hooks.main({ how: 'bare' }))
    const silent = failure('GUEST_ABORT', () => plugin.hooks.main({ how: 'null' }))
    assert.equal(silent.details.guest?.line, 7)
    const range = failure('GUEST_ABORT', () => plugin.hooks.main({ how: 'range' }))
    assert.match(range.details.guest?.message ?? '', /range/i)
    failure('TRAP_UNREACHABLE', () => plugin.hooks.main({ how: 'trap' }))
    assert.deepEqual(plugin.hooks.main({ how: '' }), {})
    assert(frames(thrown).length > 0)
  })

  const frames = (error: MortiseError): readonly string[] => (error.details.frames ?? []).map((frame) => frame.function)

  it("in a guest without an optimizer names the guest's own functions", async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', await buildText(source, { optimize: 'none' }), action)
    const names = frames(failure('GUEST_ABORT', () => plugin.hooks.main({ how: 'throw' })))
    assert(
      names.some((name) => name.endsWith('give')),
      names.join(),
    )
    assert.match(names.at(-1) ?? '', /main/)
    assert(names.findIndex((name) => name.endsWith('give')) < names.length - 1)
  })

  for (const deadline of ['20 s', Infinity])
    it(`that the guest catches and survives is still its end, with a deadline of ${deadline}`, async () => {
      await using plugged = await plugBench(
        `(module (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (memory (export "memory") 1)
      (func (export "run") (result i32) try (call $abort (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 4)) catch_all end (i32.const 1)))`,
        { wasm: { deadline } },
      )
      failure('GUEST_ABORT', () => plugged.call('run'))
    })

  it('in a call before is not taken for the cause of a later trap', async () => {
    await using plugged = await plugBench(`(module (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
      (memory (export "memory") 1)
      (func (export "abort") (call $abort (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 4)))
      (func (export "trap") unreachable))`)
    failure('GUEST_ABORT', () => plugged.call('abort'))
    const error = failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    assert.equal(error.details.guest, undefined)
  })
})

describe('a stack overflow', () => {
  const endless = `(module (import "bench" "note" (func $note (param i32) (result i32)))
    (import "tenon" "log" (func $log (param i32 i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (global $depth (mut i32) (i32.const 0))
    ${stringData(516, 'deep')}
    (data (i32.const 600) "\\10\\03\\00\\00\\05\\00\\00\\00") (data (i32.const 784) "deep\\n")
    (func $bare (export "bare") (param i32) (result i32) (i32.add (call $bare (local.get 0)) (i32.const 1)))
    (func $noting (export "noting") (param i32) (result i32) (i32.add (call $note (i32.const 1)) (call $noting (local.get 0))))
    (func $logging (export "logging") (param i32) (result i32) (call $log (i32.const 1) (i32.const 516)) (i32.add (call $logging (local.get 0)) (i32.const 1)))
    (func $drawing (export "drawing") (param i32) (result i32) (i32.add (call $random (i32.const 0) (i32.const 8)) (call $drawing (local.get 0))))
    (func $writing (export "writing") (param i32) (result i32) (i32.add (call $write (i32.const 1) (i32.const 600) (i32.const 1) (i32.const 700)) (call $writing (local.get 0))))
    (func (export "fine") (result i32) (global.set $depth (i32.add (global.get $depth) (i32.const 1))) (global.get $depth)))`

  for (const how of ['bare', 'noting', 'logging', 'drawing', 'writing']) {
    it(`that comes ${how} is TRAP_STACK_OVERFLOW every time, and leaves the host as it was`, async () => {
      await using plugged = await plugBench(endless, {
        functions: {
          note: ['func (i32) -> (i32)', () => (value: number) => value + JSON.stringify([value]).length],
        },
        limits: { output: '1 GiB' },
      })
      for (let time = 0; time < 20; time++) {
        failure('TRAP_STACK_OVERFLOW', () => plugged.call(how, 0))
        assert.equal(plugged.call('fine'), 1)
        // A second instance, if the first were thought to be in a call still, would begin to count anew.
        assert.equal(plugged.call('fine'), 2)
        failure('TRAP_STACK_OVERFLOW', () => plugged.call(how, 0))
      }
      assert.equal(plugged.plugin.stats().errors, 40)
      assert.equal(plugged.plugin.stats().restores, 40)
    })
  }

  it('of the caller, anywhere in a call, leaves the plugin as it was', async () => {
    await using plugged = await plugBench(endless, {
      functions: { note: ['func (i32) -> (i32)', () => (value: number) => value] },
    })
    let returned = 0
    const down = (): void => {
      try {
        down()
      } catch {
        // The stack is full.
      }
      // Each level on the way up has a little more of the stack than the one before.
      if (returned === 50) return
      try {
        plugged.call('fine')
        returned++
      } catch (error) {
        assert(error instanceof Error)
      }
    }
    for (let time = 0; time < 100; time++) {
      returned = 0
      down()
      assert.equal(returned, 50)
    }
    // Were an instance stuck in a call, another one would answer, from its own beginning, and after 64 of them none.
    const before = plugged.call('fine')
    assert(typeof before === 'number')
    for (let call = 1; call <= 100; call++) assert.equal(plugged.call('fine'), before + call)
  })
})

describe('out of memory', () => {
  const guest = `(module (memory (export "memory") 1)
    (func (export "ask") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "trap") unreachable)
    (func (export "both") (param i32) (drop (memory.grow (local.get 0))) unreachable))`

  it('is not the code of a trap in a later call', async () => {
    await using plugged = await plugBench(guest)
    assert.equal(plugged.call('ask', 1000), -1)
    failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    failure('TRAP_OUT_OF_MEMORY', () => plugged.call('both', 1000))
    failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    failure('TRAP_UNREACHABLE', () => plugged.call('both', 1))
  })

  it('is the code of a growth that the module itself forbids, too', async () => {
    await using plugged = await plugBench(guest.replace('1)', '1 2)'))
    failure(['TRAP_OUT_OF_MEMORY', 'TRAP_UNREACHABLE'], () => plugged.call('both', 5))
    assert.equal(plugged.call('ask', 2), -1)
    assert.equal(plugged.call('ask', 1), 1)
  })

  for (const gc of ['none', 'incremental', 'minimal'] as const) {
    it(`is the code for a tenon guest with gc '${gc}' that wants too much, and the next call works`, async () => {
      const source = `
        @json class Event { bytes: i32 = 0; keep: bool = false }
        const kept: Uint8Array[] = []
        export function main(event: Event): string {
          const room = new Uint8Array(event.bytes)
          if (event.keep) kept.push(room)
          return '{"bytes":' + room.length.toString() + '}'
        }`
      await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
      const plugin = await host.plug('guest', await buildText(source, { gc }), action)
      for (let time = 0; time < 3; time++) {
        failure('TRAP_OUT_OF_MEMORY', () => plugin.hooks.main({ bytes: 40_000_000, keep: true }))
        assert.deepEqual(plugin.hooks.main({ bytes: 8_000_000, keep: false }), { bytes: 8_000_000 })
      }
    })
  }
})
