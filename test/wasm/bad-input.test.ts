import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { type ErrorCode, Mortise, MortiseError, type Plugin } from 'mortise'
import { action, type ActionHooks } from 'mortise/action'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { buildText } from '../support/guest.ts'
import {
  actionWat,
  benchContract,
  failure,
  leb,
  plugBench,
  rejection,
  sections,
  stringData,
  wat,
} from '../support/wat.ts'

const page = 65_536
const echo = wat(actionWat('(local.get $event)'))

/** A module with something of everything that a module can have, and no loops. */
const rich = wat(`(module $rich
  (type $pair (func (param i32 i64) (result i64 i32)))
  (import "bench" "note" (func $note (param i32)))
  (memory $memory (export "memory") 1 4)
  (table $table (export "table") 4 8 funcref)
  (table $refs 2 externref)
  (tag $tag (param i32))
  (global $mutable (mut i32) (i32.const 7))
  (global $wide (mut v128) (v128.const i64x2 1 2))
  (global $float f64 (f64.const 1.5))
  (global $function (mut funcref) (ref.func $swap))
  (start $begin)
  (elem (i32.const 0) $swap $sum)
  (elem $passive func $sum $swap)
  (elem declare func $begin)
  (data (i32.const 16) "some bytes")
  (data $lazy "other bytes")
  (@custom "notes" "\\00\\ff anything")
  (func $begin (call $note (i32.const 1)))
  (func $swap (type $pair) (local.get 1) (local.get 0))
  (func $sum (export "sum") (param $a i32) (param $b i32) (result i32) (local $unused f32)
    (if (result i32) (i32.eqz (local.get $a)) (then (local.get $b)) (else (i32.add (local.get $a) (local.get $b)))))
  (func (export "lanes") (result i32) (i32x4.extract_lane 1 (i32x4.add (global.get $wide) (v128.const i32x4 1 2 3 4))))
  (func (export "bulk") (memory.init $lazy (i32.const 0) (i32.const 0) (i32.const 5)) (data.drop $lazy)
    (memory.copy (i32.const 32) (i32.const 0) (i32.const 5)) (memory.fill (i32.const 64) (i32.const 1) (i32.const 8)))
  (func (export "tables") (table.init $table $passive (i32.const 2) (i32.const 0) (i32.const 2)) (elem.drop $passive)
    (table.set $refs (i32.const 0) (ref.null extern)) (drop (table.grow $refs (ref.null extern) (i32.const 1))))
  (func (export "caught") (result i32) try (result i32) (throw $tag (i32.const 9)) catch $tag end)
  (func (export "tail") (param i32 i32) (result i32) (return_call $sum (local.get 0) (local.get 1)))
  (func (export "indirect") (result i32) (call_indirect (type $pair) (i32.const 1) (i64.const 2) (i32.const 0)) drop i32.wrap_i64)
  (func (export "branch") (param i32) (result i32)
    (block $a (block $b (br_table $a $b $a (local.get 0)))) (i32.trunc_sat_f64_s (global.get $float))))`)

const tenon = await buildText(
  `import { log } from 'tenon/action'
   export function main(event: string): string {
     log.info('got ' + event.length.toString())
     return '{"length":' + event.length.toString() + '}'
   }`,
  { optimize: 'size' },
)

const tenonEcho = await buildText('export function main(event: string): string { return event }')

const bench = benchContract({ note: ['func (i32) -> ()', () => () => {}] })

/** A live plugin that has to keep serving whatever it is swapped with. */
async function alive(run: (host: Mortise<'wasm'>, plugin: Plugin<ActionHooks>) => Promise<void>): Promise<void> {
  await using host = new Mortise({ runtimes: [wasm()] })
  const plugin = await host.plug('live', echo, action)
  await run(host, plugin)
  assert.deepEqual(plugin.hooks.main({ still: 'here' }), { still: 'here' })
  assert.deepEqual([plugin.stats().errors, plugin.stats().swaps], [0, 0])
}

const unreadable: readonly ErrorCode[] = ['ARTIFACT_UNKNOWN', 'MODULE_INVALID', 'MODULE_REFUSED']

describe('a truncated module', () => {
  for (const [name, whole] of Object.entries({ 'a tenon guest': tenon, 'a module of many features': rich })) {
    it(`is refused at every byte offset of ${name}`, () =>
      alive(async (_host, plugin) => {
        const needed = endOfSections(whole)
        assert(needed > 100 && needed < whole.length)
        for (let length = 0; length < whole.length; length++) {
          const cut = whole.slice(0, length)
          // What lacks custom sections only, and those wholly, is as good as before.
          if (length >= needed && WebAssembly.validate(cut)) continue
          const error = await rejection(unreadable, plugin.swap(cut))
          const { offset } = error.details
          if (error.code === 'MODULE_INVALID') {
            assert(offset === undefined || (offset >= 0 && offset <= length), `offset ${offset} of ${length} bytes`)
          }
        }
      }))
  }

  it('is what these tests cut: whole, the modules are fine', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const guest = await host.plug('guest', tenon, action)
    assert.deepEqual(guest.hooks.main({}), { length: 2 })
    const { hooks } = await host.plug('rich', rich, bench)
    assert.equal(hooks.call('sum', [2, 3]), 5)
    assert.equal(hooks.call('lanes', []), 2)
    assert.equal(hooks.call('caught', []), 9)
    assert.equal(hooks.call('tail', [2, 3]), 5)
    assert.equal(hooks.call('indirect', []), 2)
    hooks.call('bulk', [])
    hooks.call('tables', [])
  })
})

describe('random bytes', () => {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const section = fc.tuple(fc.integer({ min: 0, max: 14 }), fc.uint8Array({ maxLength: 40 }))

  it('behind the header of a module are refused', () =>
    alive(async (host) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
          await refusedOrValid(host, Uint8Array.from([...header, ...bytes]))
        }),
        { numRuns: 1000 },
      )
    }))

  it('in the form of sections are refused', () =>
    alive(async (host) => {
      await fc.assert(
        fc.asyncProperty(fc.array(section, { minLength: 1, maxLength: 6 }), async (parts) => {
          await refusedOrValid(host, sections(...parts.map(([id, content]) => [id, ...content] as const)))
        }),
        { numRuns: 1000 },
      )
    }))

  const mutation = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('set', 'insert', 'remove', 'repeat'),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x0b, 0x40, 0x7f, 0x80, 0xff)),
  })
  for (const [name, whole] of Object.entries({ 'a tenon guest': tenon, 'a module of many features': rich })) {
    it(`changed in ${name} are refused just where the engine refuses them`, () =>
      alive(async (host) => {
        await fc.assert(
          fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
            const bytes = [...whole]
            for (const { at, kind, byte } of mutations) {
              const index = 8 + (at % (bytes.length - 8))
              if (kind === 'set') bytes[index] = byte
              else if (kind === 'insert') bytes.splice(index, 0, byte)
              else if (kind === 'remove') bytes.splice(index, 1)
              else bytes.splice(index, 0, ...bytes.slice(index, index + (byte % 16)))
            }
            await refusedOrValid(host, Uint8Array.from(bytes))
          }),
          { numRuns: 1500 },
        )
      }))
  }

  /** Plugs a module that claims nothing: it is refused as invalid just where the engine itself says so. Nothing is called. */
  async function refusedOrValid(host: Mortise<'wasm'>, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const valid = WebAssembly.validate(bytes)
    const error: unknown = await host.plug('random', bytes, bench).then(
      (plugin) => plugin.unplug(),
      (thrown: unknown) => thrown,
    )
    if (error === undefined) assert(valid, 'an invalid module was plugged in')
    else {
      assert(MortiseError.is(error), inspect(error))
      if (valid) assert.notEqual(error.code, 'MODULE_INVALID', `a valid module is called invalid: ${error.message}`)
      else
        assert(
          ['MODULE_INVALID', 'MODULE_UNSUPPORTED', 'MEMORY_LIMIT'].includes(error.code),
          `${error.code}: ${error.message}`,
        )
    }
  }
})

describe('a module that claims a lot', () => {
  const type = [1, 0x60, 0, 0]
  const many = [0xff, 0xff, 0xff, 0xff, 0x0f]
  const cases: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
    'four billion types': sections([1, ...many]),
    'four billion parameters': sections([1, 1, 0x60, ...many]),
    'four billion imports': sections([2, ...many]),
    'an import with a name of four billion bytes': sections([2, 1, ...many]),
    'four billion functions': sections([1, ...type], [3, ...many]),
    'four billion exports': sections([7, ...many]),
    'four billion globals': sections([6, ...many]),
    'four billion element segments': sections([9, ...many]),
    'four billion code entries': sections([1, ...type], [3, 1, 0], [10, ...many]),
    'a code entry of four billion bytes': sections([1, ...type], [3, 1, 0], [10, 1, ...many]),
    'four billion locals': sections([1, ...type], [3, 1, 0], [10, 1, 8, 1, ...many, 0x7f, 0x0b]),
    'four billion kinds of locals': sections([1, ...type], [3, 1, 0], [10, 1, 6, ...many, 0x0b]),
    'a jump table of four billion entries': sections(
      [1, ...type],
      [3, 1, 0],
      [10, 1, 10, 0, 0x41, 0, 0x0e, ...many, 0x0b],
    ),
    'four billion data segments': sections([5, 1, 0, 1], [11, ...many]),
    'a data count of four billion': sections([12, ...many]),
    'a number of six bytes': sections([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
    'a number with bits beyond 32': sections([1, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    'a section longer than the module': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, ...many),
    'a section of no known kind': sections([0x7f]),
    'the same section twice': sections([1, ...type], [1, ...type]),
    'sections in the wrong order': sections([3, 0], [1, ...type]),
    'a custom section without a name': sections([0]),
    'names that are no UTF-8': sections([1, ...type], [2, 1, 1, 0xff, 1, 0x61, 0, 0]),
    'an unknown instruction': sections([1, ...type], [3, 1, 0], [10, 1, 3, 0, 0xff, 0x0b]),
    'code without an end': sections([1, ...type], [3, 1, 0], [10, 1, 2, 0, 0x01]),
    'code that ends too early': sections([1, ...type], [3, 1, 0], [10, 1, 3, 0, 0x0b, 0x0b]),
    'blocks nested too deep to be read by recursion': deep(200_000),
  }
  for (const [what, module] of Object.entries(cases)) {
    it(`${what}: is refused`, () =>
      alive(async (_host, plugin) => {
        assert(!WebAssembly.validate(module) || what.startsWith('blocks'), 'the engine takes it')
        await rejection(['MODULE_INVALID', 'MODULE_REFUSED'], plugin.swap(module))
      }))
  }

  it('memory of 4 GiB, or of one page more than the limit, is refused with both numbers', () =>
    alive(async (host, plugin) => {
      const cases: readonly (readonly [number, number])[] = [
        [65_536, 256],
        [257, 256],
        [2, 1],
      ]
      for (const [pages, limit] of cases) {
        const module = wat(`(module (memory (export "memory") ${pages}))`)
        const error = await rejection(
          'MEMORY_LIMIT',
          host.plug('big', module, bench, { limits: { memory: limit * page } }),
        )
        assert.deepEqual([error.details.asked, error.details.limit], [pages * page, limit * page])
        assert.match(error.message, new RegExp(`${pages * page}|MiB|GiB|KiB`))
      }
      await rejection(['MEMORY_LIMIT', 'MODULE_REFUSED'], plugin.swap(wat(`(module (memory (export "memory") 65536))`)))
    }))

  it('memory in two parts that only together pass the limit is refused', () =>
    alive(async (host) => {
      const module = wat('(module (memory (export "memory") 2) (memory 2))')
      await rejection('MEMORY_LIMIT', host.plug('big', module, bench, { limits: { memory: 3 * page } }))
      await host.plug('fits', module, bench, { limits: { memory: 4 * page } })
    }))

  it('imported memory of more than the limit is refused', () =>
    alive(async (host) => {
      const module = wat('(module (import "env" "memory" (memory 300)))')
      const error = await rejection('MEMORY_LIMIT', host.plug('big', module, bench))
      assert.deepEqual([error.details.asked, error.details.limit], [300 * page, 256 * page])
    }))

  it('memory that may grow to 4 GiB is held to the limit', async () => {
    await using bench = await plugBench(
      '(module (memory (export "memory") 1 65536) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))',
    )
    assert.equal(bench.call('grow', 65_535), -1)
    assert.equal(bench.call('grow', 255), 1)
    assert.equal(bench.call('grow', 1), -1)
  })

  it('tables of ten million entries do not take the process down', async () => {
    await rejection(
      ['MODULE_INVALID', 'MODULE_UNSUPPORTED', 'MEMORY_LIMIT', 'INSTANCE_FAILED'],
      plugBench('(module (table 10000001 funcref))').then((plugged) => plugged.host.close()),
    )
  })
})

describe('imports and exports', () => {
  const missing = `(module
    (import "env" "unknown" (func (param i32)))
    (import "nowhere" "at_all" (func (result i64)))
    (import "env" "abort" (func (param i32)))
    (import "tenon" "log" (func (param i32 i64)))
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "no_such_call" (func))
    (import "env" "table" (table 1 funcref))
    (import "env" "global" (global i32))
    (import "env" "tag" (tag (param i32)))
    (func (export "main") (param i64) (result i32) unreachable)
    (global (export "string_new") i32 (i32.const 0)))`

  it('that are missing or of the wrong type are all in one error', () =>
    alive(async (_host, plugin) => {
      const error = await rejection('MODULE_REFUSED', plugin.swap(wat(missing)))
      const problems = error.details.problems ?? []
      const parts = [
        ['unknown', 'env'],
        ['at_all', 'nowhere'],
        ['abort', 'env'],
        ['log', 'tenon'],
        ['fd_write'],
        ['no_such_call'],
        ['table', 'env'],
        ['global', 'env'],
        ['tag', 'env'],
        ["'main'", 'i64'],
        ["'string_new'", 'global'],
        ["'action_abi_1'", 'missing'],
        ["'memory'", 'missing'],
      ]
      for (const words of parts) {
        assert.equal(
          problems.filter((problem) => words.every((word) => problem.includes(word))).length,
          1,
          `${words.join(' of ')} in ${problems.join('; ')}`,
        )
      }
      assert.equal(problems.length, parts.length)
      for (const problem of problems) assert(error.message.includes(problem))
    }))

  const whole = (change: (text: string) => string): Uint8Array<ArrayBuffer> =>
    wat(change(actionWat('(local.get $event)')))
  const cases: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, string]>> = {
    'no memory export': [whole((text) => text.replace('(export "memory")', '')), "'memory'"],
    'a memory export that is a function': [
      whole((text) =>
        text
          .replace('(export "memory")', '')
          .replace('(export "action_abi_1")', '(export "action_abi_1") (export "memory")'),
      ),
      "'memory'",
    ],
    'no main': [whole((text) => text.replace('(export "main")', '')), "'main'"],
    'a main without a result': [
      whole((text) =>
        text.replace(
          '(export "main") (param $event i32) (result i32) (local.get $event)',
          '(export "main") (param i32)',
        ),
      ),
      "'main'",
    ],
    'a main of more parameters': [
      whole((text) => text.replace('(param $event i32)', '(param $event i32) (param i32)')),
      "'main'",
    ],
    'a main of floats': [
      whole((text) =>
        text.replace(
          '(param $event i32) (result i32) (local.get $event)',
          '(param $event f64) (result f64) (local.get $event)',
        ),
      ),
      "'main'",
    ],
    'a string_new of i64': [
      whole((text) =>
        text
          .replace('(export "string_new")', '')
          .replace('(export "main")', '(export "main")')
          .replace('(memory', '(func (export "string_new") (param i64) (result i64) (local.get 0)) (memory'),
      ),
      "'string_new'",
    ],
    'an action_abi_1 with a result': [
      whole((text) => text.replace('(export "action_abi_1")', '(export "action_abi_1") (result i32) (i32.const 0)')),
      "'action_abi_1'",
    ],
    'exports of another case': [whole((text) => text.replace('"main"', '"Main"')), "'main'"],
  }
  for (const [what, [module, name]] of Object.entries(cases)) {
    it(`${what}: one problem, named`, () =>
      alive(async (_host, plugin) => {
        const error = await rejection('MODULE_REFUSED', plugin.swap(module))
        const { problems = [] } = error.details
        assert.equal(problems.length, 1)
        assert(problems.join().includes(name), problems.join())
      }))
  }

  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    it(`an import named ${name} is no function of the host`, () =>
      alive(async (_host, plugin) => {
        for (const field of [`"env" "${name}"`, `"${name}" "x"`, `"${name}" "${name}"`, `"tenon" "${name}"`]) {
          const error = await rejection(
            'MODULE_REFUSED',
            plugin.swap(wat(actionWat('(local.get $event)', '', `(import ${field} (func))`))),
          )
          assert.equal(error.details.problems?.length, 1)
        }
      }))

    it(`an export named ${name} is no main`, () =>
      alive(async (_host, plugin) => {
        await rejection('MODULE_REFUSED', plugin.swap(wat(`(module (func (export "${name}")))`)))
        await using plugged = await plugBench(`(module (func (export "${name}") (result i32) (i32.const 5)))`)
        assert.equal(plugged.call(name), 5)
      }))
  }

  it('by the ten thousand are reported in one error of a size that a log can take', () =>
    alive(async (_host, plugin) => {
      const imports = Array.from({ length: 10_000 }, (_, index) => `(import "env" "x${index}" (func))`).join('\n')
      const error = await rejection('MODULE_REFUSED', plugin.swap(wat(`(module ${imports})`)))
      assert((error.details.problems?.length ?? 0) >= 10_000)
    }))
})

describe('initialisation', () => {
  const trapping = '(func $start unreachable)'
  const exiting = (code: number): string => `(func $start (call $exit (i32.const ${code})))`
  const importExit = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))'
  const guest = (more: string): Uint8Array => wat(actionWat('(local.get $event)', more, importExit))
  const ways: Readonly<Record<string, string>> = {
    'its start function': '(start $start)',
    _start: '(export "_start" (func $start))',
    _initialize: '(export "_initialize" (func $start))',
  }
  for (const [way, how] of Object.entries(ways)) {
    it(`that traps in ${way} is refused with the trap's own code`, () =>
      alive(async (_host, plugin) => {
        const error = await rejection('TRAP_UNREACHABLE', plugin.swap(guest(trapping + how)))
        assert.deepEqual(
          error.details.frames?.map((frame) => frame.function),
          ['start'],
        )
        assert.equal(error.details.plugin, 'live')
      }))

    it(`that exits with a code in ${way} is refused with it`, () =>
      alive(async (_host, plugin) => {
        for (const code of [1, 7, 255, -1]) {
          const error = await rejection('GUEST_EXIT', plugin.swap(guest(exiting(code) + how)))
          assert.equal(error.details.exitCode, code >>> 0 === code ? code : error.details.exitCode)
        }
      }))
  }

  it('that exits with 0 in _start is fine', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', guest(`${exiting(0)} (export "_start" (func $start))`), action)
    assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
  })

  const traps: Readonly<Record<string, readonly [string, ErrorCode]>> = {
    'a data segment outside the memory': ['(data (i32.const 65530) "0123456789")', 'TRAP_OUT_OF_BOUNDS'],
    'a data segment at a negative offset': ['(data (i32.const -1) "0")', 'TRAP_OUT_OF_BOUNDS'],
    'an element segment outside its table': ['(table 1 funcref) (elem (i32.const 1) func $main)', 'TRAP_TABLE_ACCESS'],
    'a stack overflow': ['(func $start (call $start)) (start $start)', 'TRAP_STACK_OVERFLOW'],
    'an index beyond its table': [
      '(table 1 funcref) (func $start (call_indirect (i32.const 5))) (start $start)',
      'TRAP_TABLE_ACCESS',
    ],
  }
  for (const [what, [more, code]] of Object.entries(traps)) {
    it(`with ${what} is ${code}`, () =>
      alive(async (_host, plugin) => void (await rejection(code, plugin.swap(guest(more))))))
  }

  it('that takes all memory and gives up is out of memory', () =>
    alive(async (_host, plugin) => {
      const greedy = `(func $start (block $full (loop $more
        (br_if $full (i32.eq (i32.const -1) (memory.grow (i32.const 16)))) (br $more))) unreachable) (start $start)`
      await rejection('TRAP_OUT_OF_MEMORY', plugin.swap(guest(greedy)))
    }))

  it('that throws a WebAssembly exception is TRAP_EXCEPTION', () =>
    alive(async (_host, plugin) => {
      await rejection('TRAP_EXCEPTION', plugin.swap(guest('(tag $tag) (func $start (throw $tag)) (start $start)')))
    }))

  it('is done before the checkpoint: what it sets up survives a crash', async () => {
    await using bench = await plugBench(`(module (memory (export "memory") 1) (global $ready (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $ready (i32.const 42)) (i32.store (i32.const 8) (i32.const 43)))
      (func (export "ready") (result i32) (i32.add (global.get $ready) (i32.load (i32.const 8))))
      (func (export "crash") (global.set $ready (i32.const 0)) (i32.store (i32.const 8) (i32.const 0)) unreachable))`)
    failure('TRAP_UNREACHABLE', () => bench.call('crash'))
    assert.equal(bench.call('ready'), 85)
  })
})

describe('pointers and lengths', () => {
  /** A guest that answers with the pointer that its event's only digits say, after it has set a length there. */
  const pointing = (pointer: number, length?: number): Uint8Array =>
    wat(
      actionWat(
        `${length === undefined ? '' : `(i32.store (i32.const ${pointer - 4}) (i32.const ${length}))`} (i32.const ${pointer})`,
      ),
    )
  const answers: Readonly<Record<string, Uint8Array>> = {
    null: pointing(0),
    '1, whose length would begin before the memory': pointing(1),
    '3, whose length would begin before the memory': pointing(3),
    'the last address of 32 bits': pointing(-1),
    'the address whose length is at the end of 32 bits': pointing(-4),
    'the sign bit': pointing(-(2 ** 31)),
    'one past a length that is half outside': pointing(page + 2),
    'far outside': pointing(page + 4096),
    'a length of one unit too many': pointing(page - 100, 102),
    'a length that is nearly 2 GiB': pointing(1024, 0x7ffffffe),
    'a length that is 2 GiB': pointing(1024, -(2 ** 31)),
    'a length that claims 4 GiB': pointing(1024, -2),
    'a length that wraps round to the pointer': pointing(1024, -1024),
  }
  for (const [what, guest] of Object.entries(answers)) {
    it(`an answer at ${what} is an error, and the next call works`, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const plugin = await host.plug('guest', guest, action)
      for (let time = 0; time < 3; time++)
        failure(what === 'null' ? ['GUEST_POINTER', 'GUEST_RESULT'] : 'GUEST_POINTER', () => plugin.hooks.main({}))
      assert.equal(plugin.stats().restores, 3)
      await plugin.swap(echo)
      assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
    })
  }

  it('an empty answer right at the end of the memory is inside', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', pointing(page, 0), action)
    failure('GUEST_RESULT', () => plugin.hooks.main({}))
  })

  it('an answer with half a character is not valid text', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', pointing(1024, 5), action)
    failure(['GUEST_STRING', 'GUEST_POINTER'], () => plugin.hooks.main({}))
  })

  it('an answer at an odd address is read as it stands', async () => {
    const text = '{"odd":"é🦀"}'
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', wat(actionWat('(i32.const 517)', stringData(517, text))), action)
    assert.deepEqual(plugin.hooks.main({}), { odd: 'é🦀' })
  })

  const strings: Readonly<Record<string, number>> = {
    'at the end of the memory': page,
    'where its last byte is outside': page - 3,
    outside: page * 2,
    'at the last address': -1,
    'at the sign bit': -(2 ** 31),
  }
  for (const [what, pointer] of Object.entries(strings)) {
    it(`room for the event ${what} is an error, and nothing is written`, async () => {
      const guest = wat(
        actionWat('(local.get $event)').replace(
          /\(func \$string_new [^]*?\n\s*\(local\.get \$at\)\)/,
          `(func (export "string_new") (param i32) (result i32) (i32.const ${pointer}))`,
        ),
      )
      await using host = new Mortise({ runtimes: [wasm()] })
      const plugin = await host.plug('guest', guest, action)
      failure('GUEST_POINTER', () => plugin.hooks.main({}))
      await plugin.swap(echo)
      assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
    })
  }

  const importing = `(import "tenon" "log" (func $log (param i32 i32))) (import "tenon" "config" (func $config (param i32) (result i32)))
    (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`
  const lies: Readonly<Record<string, readonly [string, readonly ErrorCode[]]>> = {
    'a log line': ['(call $log (i32.const 1) (i32.const -16))', ['GUEST_POINTER']],
    'a log line at null': ['(call $log (i32.const 1) (i32.const 0))', ['GUEST_POINTER']],
    'the name of a setting': ['(drop (call $config (i32.const -16)))', ['GUEST_POINTER']],
    'the message of an abort': [
      '(call $abort (i32.const -16) (i32.const -16) (i32.const 1) (i32.const 1))',
      ['GUEST_POINTER', 'GUEST_ABORT'],
    ],
    'a log line of no level': ['(call $log (i32.const 9) (local.get $event))', ['GUEST_RESULT']],
    'a log line of a negative level': ['(call $log (i32.const -1) (local.get $event))', ['GUEST_RESULT']],
  }
  for (const [what, [body, codes]] of Object.entries(lies)) {
    it(`outside the memory as ${what} is an error, and the next call works`, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const plugin = await host.plug('guest', wat(actionWat(`${body} (local.get $event)`, '', importing)), action)
      for (let time = 0; time < 3; time++) failure(codes, () => plugin.hooks.main({}))
      await plugin.swap(echo)
      assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
    })
  }

  it('above 2 GiB work like all others', async () => {
    await using plugged = await plugBench(
      `(module (memory (export "memory") 1)
        (func (export "high") (result i32)
          (drop (memory.grow (i32.const 33000)))
          (i32.store (i32.const 0x80001000) (i32.const 8))
          (i64.store (i32.const 0x80001004) (i64.const 0x0063006200610068))
          (i32.const 0x80001004)))`,
      { limits: { memory: '3 GiB' } },
    )
    const pointer = plugged.call('high')
    assert(typeof pointer === 'number' && pointer < 0)
    assert.equal(
      plugged.use(({ memory }) => memory.readString(pointer)),
      'habc',
    )
    assert.equal(
      plugged.use(({ memory }) => memory.readUtf16(pointer, 4)),
      'ha',
    )
    plugged.use(({ memory }) => memory.writeUtf16(pointer, 'xy'))
    assert.equal(
      plugged.use(({ memory }) => memory.readString(pointer)),
      'xybc',
    )
  })
})

describe('text', () => {
  const memory = '(module (memory (export "memory") 1))'
  const invalid: Readonly<Record<string, readonly number[]>> = {
    'a byte that never occurs': [0x41, 0xff, 0x42],
    'a lone continuation': [0x80],
    'two bytes of which one is missing': [0xc3],
    'three bytes of which one is missing': [0xe2, 0x82],
    'four bytes of which one is missing': [0xf0, 0x9f, 0xa6],
    'an overlong slash': [0xc0, 0xaf],
    'an overlong zero': [0xe0, 0x80, 0x80],
    'a surrogate': [0xed, 0xa0, 0x80],
    'a pair of surrogates': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
    'a code point beyond the last': [0xf4, 0x90, 0x80, 0x80],
    'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  }
  for (const [what, bytes] of Object.entries(invalid)) {
    it(`that is no UTF-8 (${what}) is an error, wherever it stands, and the next call works`, async () => {
      await using plugged = await plugBench(memory)
      for (const before of [0, 1, 2, 3, 7, 15, 16, 31, 32, 33, 63, 64, 127, 128, 255, 256, 1000]) {
        for (const after of [0, 5, 100]) {
          failure('GUEST_STRING', () =>
            plugged.use((unit) => {
              const text = [
                ...Array.from({ length: before }, () => 0x61),
                ...bytes,
                ...Array.from({ length: after }, () => 0x62),
              ]
              unit.memory.bytes().set(text, 64)
              return unit.memory.readUtf8(64, text.length)
            }),
          )
        }
      }
      assert.equal(
        plugged.use((unit) => {
          unit.memory.bytes().set(Buffer.from('fine é'), 64)
          return unit.memory.readUtf8(64, 7)
        }),
        'fine é',
      )
    })
  }

  it('in UTF-8 comes through as it is, and a lone surrogate becomes U+FFFD on the way in', async () => {
    await using plugged = await plugBench(memory)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 400 }),
          fc.string({ unit: 'binary-ascii', maxLength: 400 }),
          fc
            .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
            .map((units) => String.fromCharCode(...units)),
        ),
        fc.nat(50),
        (text, pointer) => {
          const length = Buffer.byteLength(text)
          const read = plugged.use((unit) => {
            unit.memory.bytes().fill(0x2e, 0, 4096)
            assert.equal(unit.memory.writeUtf8(pointer, length, text), length)
            assert.equal(unit.memory.bytes()[pointer + length], 0x2e, 'wrote past its end')
            return unit.memory.readUtf8(pointer, length)
          })
          assert.equal(read, text.toWellFormed())
        },
      ),
      {
        numRuns: 500,
        examples: [
          ['\ufeffwith a mark at its beginning', 3],
          ['\ufeff', 0],
          ['', 0],
          ['\ud800', 1],
          ['a\udc00b', 1],
        ],
      },
    )
  })

  it('in UTF-16 comes through as it is, lone surrogates included, at any address', async () => {
    await using plugged = await plugBench(memory)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }), fc.nat(50), (units, pointer) => {
        const text = String.fromCharCode(...units)
        const read = plugged.use((unit) => {
          unit.memory.bytes().fill(0x2e, 0, 4096)
          unit.memory.writeUtf16(pointer + 4, text)
          unit.memory.view().setUint32(pointer, text.length * 2, true)
          assert.equal(unit.memory.bytes()[pointer + 4 + text.length * 2], 0x2e, 'wrote past its end')
          return [unit.memory.readUtf16(pointer + 4, text.length * 2), unit.memory.readString(pointer + 4)]
        })
        assert.deepEqual(read, [text, text])
      }),
      {
        numRuns: 500,
        examples: [
          [[0xfeff, 0x61], 1],
          [[0xd800], 2],
          [[0xdc00, 0xd800], 3],
          [[], 0],
        ],
      },
    )
  })

  it('that is longer than its room is cut between characters', async () => {
    await using plugged = await plugBench(memory)
    const text = 'aé€🦀'
    for (let room = 0; room <= 12; room++) {
      const [written, read, next] = plugged.use((unit) => {
        unit.memory.bytes().fill(0x2e, 0, 64)
        const count = unit.memory.writeUtf8(8, room, text)
        return [count, unit.memory.readUtf8(8, count), unit.memory.bytes()[8 + room]] as const
      })
      const whole = ['', 'a', 'a', 'aé', 'aé', 'aé', 'aé€', 'aé€', 'aé€', 'aé€', 'aé€🦀'][room] ?? text
      assert.deepEqual([written, read, next], [Buffer.byteLength(whole), whole, 0x2e])
    }
  })

  it('of any length is read right', async () => {
    await using plugged = await plugBench(memory)
    const letters = 'abcdefghijklmnopqrstuvwxyz'.repeat(200)
    for (let length = 0; length < 300; length++) {
      for (const text of [letters.slice(0, length), `${letters.slice(0, length)}é`, `é${letters.slice(0, length)}`]) {
        const read = plugged.use((unit) => {
          const bytes = Buffer.from(text)
          unit.memory.bytes().set(bytes, 3)
          return unit.memory.readUtf8(3, bytes.length)
        })
        assert.equal(read, text)
      }
    }
    for (const length of [1023, 1024, 4096, 5000]) {
      const read = plugged.use((unit) => {
        unit.memory.bytes().set(Buffer.from(letters.slice(0, length)), 1)
        return unit.memory.readUtf8(1, length)
      })
      assert.equal(read, letters.slice(0, length))
    }
  })

  const outside: readonly (readonly [number, number])[] = [
    [page, 1],
    [page - 1, 2],
    [page + 1, 0],
    [-1, 1],
    [-1, 2],
    [0, -1],
    [0, page + 1],
    [16, -16],
    [-(2 ** 31), 4],
    [4, -(2 ** 31)],
    [2 ** 32, 1],
    [2 ** 53, 1],
  ]
  for (const [pointer, length] of outside) {
    it(`at ${pointer} of ${length} bytes is outside the memory`, async () => {
      await using plugged = await plugBench(memory)
      failure('GUEST_POINTER', () => plugged.use((unit) => unit.memory.readUtf8(pointer, length)))
      failure('GUEST_POINTER', () => plugged.use((unit) => unit.memory.readUtf16(pointer, length)))
      failure('GUEST_POINTER', () => plugged.use((unit) => unit.memory.readBytes(pointer, length)))
      if (length >= 0 && length < 2 ** 20) {
        failure('GUEST_POINTER', () => plugged.use((unit) => unit.memory.writeBytes(pointer, new Uint8Array(length))))
      }
      failure('GUEST_POINTER', () => plugged.use((unit) => unit.memory.writeUtf8(pointer, length, 'text')))
      assert.equal(
        plugged.use((unit) => unit.memory.readUtf8(page, 0)),
        '',
      )
    })
  }

  it('as bytes is a copy of its own, both ways', async () => {
    await using plugged = await plugBench(memory)
    const kept = plugged.use((unit) => {
      const given = Uint8Array.of(1, 2, 3)
      unit.memory.writeBytes(page - 3, given)
      given.fill(9)
      const read = unit.memory.readBytes(page - 4, 4)
      unit.memory.writeBytes(page - 3, Uint8Array.of(7, 7, 7))
      read[0] = 5
      return [read, unit.memory.readBytes(page - 4, 4)]
    })
    assert.deepEqual(kept, [Uint8Array.of(5, 1, 2, 3), Uint8Array.of(0, 7, 7, 7)])
  })

  it('is read and written in memory that grew in the same call', async () => {
    await using plugged = await plugBench(
      '(module (memory (export "memory") 1) (func (export "grow") (result i32) (memory.grow (i32.const 1))))',
    )
    const read = plugged.use((unit) => {
      const { grow } = unit.exports
      assert(typeof grow === 'function')
      Reflect.apply(grow, undefined, [])
      unit.memory.writeUtf16(page + 10, 'new')
      unit.memory.writeUtf8(page + 100, 10, 'née')
      return [unit.memory.readUtf16(page + 10, 6), unit.memory.readUtf8(page + 100, 4), unit.memory.bytes().length]
    })
    assert.deepEqual(read, ['new', 'née', 2 * page])
  })
})

describe('too much', () => {
  const big = { text: 'x'.repeat(32 * 2 ** 20) }

  for (const [what, guest] of Object.entries({ 'a tenon guest': tenonEcho, 'a guest by hand': echo })) {
    it(`input, 64 MiB of it under 16 MiB, is INPUT_TOO_LARGE for ${what}, and the next call works`, async () => {
      await using host = new Mortise({ runtimes: [wasm()] })
      const plugin = await host.plug('guest', guest, action)
      for (let time = 0; time < 3; time++) {
        failure('INPUT_TOO_LARGE', () => plugin.hooks.main(big))
        assert.deepEqual(plugin.hooks.main({ a: 1 }), { a: 1 })
      }
    })

    it(`input is a matter of the limit for ${what}`, async () => {
      await using host = new Mortise({ runtimes: [wasm({ memory: '80 MiB', deadline: '20 s' })] })
      const plugin = await host.plug('guest', guest, action)
      assert.equal(JSON.stringify(plugin.hooks.main(big)).length, 32 * 2 ** 20 + 11)
    })
  }

  for (const options of [
    { restore: 'on-error' },
    { restore: 'when-full' },
    { restore: 'every-lease' },
  ] as const satisfies WasmOptions[]) {
    it(`going wrong: 10,000 traps in a row, then a good call, with '${options.restore}'`, async () => {
      // The stack pointer goes down by a page at every call and is only put back by one that ends well, as in Rust.
      await using plugged = await plugBench(
        `(module (memory (export "memory") 2)
          (global $stack (mut i32) (i32.const 131072))
          (global $calls (mut i32) (i32.const 0))
          (func $leave (global.set $stack (i32.add (global.get $stack) (i32.const 65536))))
          (func (export "run") (param $mode i32) (result i32)
            (global.set $stack (i32.sub (global.get $stack) (i32.const 65536)))
            (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
            (i32.store (global.get $stack) (i32.add (i32.load (global.get $stack)) (i32.const 1)))
            (if (i32.eq (local.get $mode) (i32.const 1)) (then unreachable))
            (if (i32.eq (local.get $mode) (i32.const 2)) (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))
            (if (i32.eq (local.get $mode) (i32.const 3)) (then (drop (i32.load (i32.const -1)))))
            (if (i32.eq (local.get $mode) (i32.const 4)) (then (drop (memory.grow (i32.const 1))) unreachable))
            (call $leave)
            (i32.add (i32.load (i32.sub (global.get $stack) (i32.const 65536))) (i32.mul (global.get $calls) (i32.const 100)))))`,
        { wasm: options },
      )
      const codes = ['TRAP_UNREACHABLE', 'TRAP_DIVIDE_BY_ZERO', 'TRAP_OUT_OF_BOUNDS', 'TRAP_UNREACHABLE'] as const
      for (let trap = 0; trap < 10_000; trap++)
        failure(codes[trap % 4] ?? 'TRAP_OTHER', () => plugged.call('run', (trap % 4) + 1))
      assert.equal(plugged.call('run', 0), 101)
      const { calls, errors } = plugged.plugin.stats()
      assert.deepEqual({ calls, errors }, { calls: 10_001, errors: 10_000 })
      assert(plugged.plugin.stats().restores >= 10_000)
    })
  }

  it('output is OUTPUT_LIMIT, and the next call works', async () => {
    const talk = wat(
      actionWat(
        '(call $log (i32.const 1) (local.get $event)) (local.get $event)',
        '',
        '(import "tenon" "log" (func $log (param i32 i32)))',
      ),
    )
    const lines: string[] = []
    await using host = new Mortise({ runtimes: [wasm({ output: 200 })], log: ({ text }) => lines.push(text) })
    const plugin = await host.plug('guest', talk, action)
    assert.deepEqual(plugin.hooks.main({ a: 'x'.repeat(50) }), { a: 'x'.repeat(50) })
    failure('OUTPUT_LIMIT', () => plugin.hooks.main({ a: 'x'.repeat(201) }))
    assert.deepEqual(plugin.hooks.main({ a: 'x'.repeat(50) }), { a: 'x'.repeat(50) })
    assert(lines.every((line) => line.length <= 200))
  })
})

/** Where the last section ends that is not a custom one. */
function endOfSections(module: Uint8Array): number {
  let end = 8
  for (let at = 8; at < module.length;) {
    const id = module[at++]
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++] ?? 0
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    at += size
    if (id !== 0) end = at
  }
  return end
}

/** A module whose only function opens this many blocks and closes none. */
function deep(blocks: number): Uint8Array<ArrayBuffer> {
  const body = [0, ...Array.from({ length: blocks }, () => [0x02, 0x40]).flat(), 0x0b]
  return sections([1, 1, 0x60, 0, 0], [3, 1, 0], [10, 1, ...leb(body.length), ...body])
}
