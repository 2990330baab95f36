import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise, type Restore } from 'mortise'
import { action } from 'mortise/action'
import { build } from 'mortise/build'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { buildText } from '../support/guest.ts'
import { actionWat, failure, type PluggedBench, plugBench, rejection, stringData, wat } from '../support/wat.ts'

const page = 65_536

/** A guest with every kind of state that a guest can have, all of it hidden, and functions to see and to change it. */
const text = `(module
  (type $number (func (result i32)))
  (memory $memory (export "memory") 2 64)
  (memory $second 1 64)
  (table $functions 4 40 funcref)
  (table $references 3 40 externref)
  (global $i32 (mut i32) (i32.const -5))
  (global $i64 (mut i64) (i64.const 0x123456789abcdef0))
  (global $f32 (mut f32) (f32.const 1.5))
  (global $f64 (mut f64) (f64.const -0x1.8p-1000))
  (global $v128 (mut v128) (v128.const i64x2 0x0102030405060708 0xf0f1f2f3f4f5f6f7))
  (global $later (mut v128) (v128.const i64x2 0 0))
  (global $funcref (mut funcref) (ref.func $one))
  (global $nothing (mut funcref) (ref.null func))
  (global $externref (mut externref) (ref.null extern))
  (global $stack (mut i32) (i32.const 131072))
  (elem $dropped func $two $one)
  (elem (table $functions) (i32.const 1) func $one $two)
  (data $lazy "\\01\\02\\03\\04\\05\\06\\07\\08")
  (data (i32.const 100) "first")
  (func $one (type $number) (i32.const 1))
  (func $two (type $number) (i32.const 2))
  (func $three (type $number) (i32.const 3))
  (elem declare func $three)
  (func (export "_initialize")
    (i32.store (i32.const 1000) (i32.const 77))
    (i32.store $second (i32.const 200) (i32.const 0x12345678))
    (global.set $later (v128.const i32x4 9 8 7 6))
    (global.set $f32 (f32.const 2.5))
    (global.set $stack (i32.const 131056)))

  (func (export "size") (result i32) (memory.size))
  (func (export "size2") (result i32) (memory.size $second))
  (func (export "load2") (param i32) (result i32) (i32.load8_u $second (local.get 0)))
  (func (export "sum2") (result i32) (local $at i32) (local $sum i32)
    (loop $more
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load $second (local.get $at))))
      (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.shl (memory.size $second) (i32.const 16)))))
    (local.get $sum))
  (func (export "sum") (result i32) (local $at i32) (local $sum i32)
    (loop $more
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load (local.get $at))))
      (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.shl (memory.size) (i32.const 16)))))
    (local.get $sum))
  (func (export "g32") (result i32) (global.get $i32))
  (func (export "g64") (result i64) (global.get $i64))
  (func (export "gf32") (result i32) (i32.reinterpret_f32 (global.get $f32)))
  (func (export "gf64") (result i64) (i64.reinterpret_f64 (global.get $f64)))
  (func (export "glow") (result i64) (i64x2.extract_lane 0 (global.get $v128)))
  (func (export "ghigh") (result i64) (i64x2.extract_lane 1 (global.get $v128)))
  (func (export "llow") (result i64) (i64x2.extract_lane 0 (global.get $later)))
  (func (export "lhigh") (result i64) (i64x2.extract_lane 1 (global.get $later)))
  (func (export "gext") (result externref) (global.get $externref))
  (func (export "gfunc") (result i32) (table.set $functions (i32.const 0) (global.get $funcref)) (call $at (i32.const 0)) (table.set $functions (i32.const 0) (ref.null func)))
  (func (export "gnothing") (result i32) (ref.is_null (global.get $nothing)))
  (func (export "stack") (result i32) (global.get $stack))
  (func (export "tsize") (result i32) (table.size $functions))
  (func (export "rsize") (result i32) (table.size $references))
  (func $at (export "at") (param i32) (result i32)
    (if (result i32) (ref.is_null (table.get $functions (local.get 0))) (then (i32.const 0)) (else (call_indirect (type $number) (local.get 0)))))
  (func (export "ref") (param i32) (result externref) (table.get $references (local.get 0)))
  (func (export "init") (result i32) (local $before i64) (local $sum i32)
    (local.set $before (i64.load (i32.const 5000)))
    (memory.init $lazy (i32.const 5000) (i32.const 0) (i32.const 8))
    (local.set $sum (i32.load (i32.const 5000)))
    (i64.store (i32.const 5000) (local.get $before))
    (local.get $sum))
  (func (export "tinit") (result i32) (local $sum i32)
    (table.init $functions $dropped (i32.const 0) (i32.const 0) (i32.const 1))
    (local.set $sum (call $at (i32.const 0)))
    (table.set $functions (i32.const 0) (ref.null func))
    (local.get $sum))

  (func $do (export "do") (param $what i32) (param $a i32) (param $b i32) (param $x externref)
    (block $end (block $o14 (block $o13 (block $o12 (block $o11 (block $o10 (block $o9 (block $o8 (block $o7 (block $o6 (block $o5 (block $o4 (block $o3 (block $o2 (block $o1 (block $o0
      (br_table $o0 $o1 $o2 $o3 $o4 $o5 $o6 $o7 $o8 $o9 $o10 $o11 $o12 $o13 $o14 $end (local.get $what)))
      (i32.store8 (i32.rem_u (local.get $a) (i32.shl (memory.size) (i32.const 16))) (local.get $b)) (return))
      (i32.store8 $second (i32.rem_u (local.get $a) (i32.shl (memory.size $second) (i32.const 16))) (local.get $b)) (return))
      (drop (memory.grow (i32.and (local.get $a) (i32.const 3)))) (return))
      (drop (memory.grow $second (i32.and (local.get $a) (i32.const 3)))) (return))
      (global.set $i32 (local.get $a)) (global.set $i64 (i64.extend_i32_s (local.get $b))) (return))
      (global.set $f32 (f32.reinterpret_i32 (local.get $a))) (global.set $f64 (f64.reinterpret_i64 (i64.extend_i32_s (local.get $b)))) (return))
      (global.set $v128 (i32x4.splat (local.get $a))) (global.set $later (i32x4.splat (local.get $b))) (return))
      (global.set $funcref (ref.func $three)) (global.set $nothing (ref.func $three)) (return))
      (global.set $externref (local.get $x)) (global.set $stack (i32.sub (global.get $stack) (i32.const 16))) (return))
      (table.set $functions (i32.rem_u (local.get $a) (table.size $functions)) (ref.func $three)) (return))
      (table.set $references (i32.rem_u (local.get $a) (table.size $references)) (local.get $x)) (return))
      (drop (table.grow $functions (ref.func $two) (i32.and (local.get $a) (i32.const 3))))
      (drop (table.grow $references (local.get $x) (i32.and (local.get $b) (i32.const 3)))) (return))
      (table.fill $functions (i32.const 0) (ref.func $one) (table.size $functions))
      (table.copy $functions $functions (i32.const 0) (i32.const 1) (i32.const 2)) (return))
      (data.drop $lazy) (elem.drop $dropped) (return))
      (memory.fill (i32.rem_u (local.get $a) (i32.const 65536)) (local.get $b) (i32.const 5000))
      (memory.copy $second $memory (i32.rem_u (local.get $b) (i32.const 60000)) (i32.const 0) (i32.const 3000)) (return)))
  (func (export "fail") (param $how i32) (param $what i32) (param $a i32) (param $b i32) (param $x externref)
    (call $do (local.get $what) (local.get $a) (local.get $b) (local.get $x))
    (block $d (block $c (block $b (block $a (br_table $a $b $c $d (local.get $how))) unreachable)
      (drop (i32.div_u (i32.const 1) (i32.const 0))) unreachable)
      (drop (i32.load (i32.const -1))) unreachable)
    (call $deep))
  (func $deep (call $deep) (call $deep)))`

/** A guest that never drops a segment may be put back in place, where one that does may have to be replaced. */
const guests = {
  'that drops segments': wat(text),
  'that drops none': wat(text.replace('(data.drop $lazy) (elem.drop $dropped)', '')),
}

/** What is compiled into a guest depends on whether it has a deadline. */
const kinds = Object.entries(guests).flatMap(([name, stateful]) => [
  { name, stateful, deadline: '20 s' },
  { name: `${name} and has no deadline`, stateful, deadline: Infinity },
])

/**
 * Everything that can be seen of the guest, which changes nothing of it. The guest itself looks at its memory: all that
 * the host takes hold of counts as written, and would be put back whether the guest's own writes are noticed or not.
 */
function observe(plugged: PluggedBench): unknown {
  const get = (name: string, ...args: number[]): unknown => plugged.call(name, ...args)
  const names = [
    'size',
    'size2',
    'sum',
    'sum2',
    'g32',
    'g64',
    'gf32',
    'gf64',
    'glow',
    'ghigh',
    'llow',
    'lhigh',
    'gext',
    'gfunc',
    'gnothing',
    'stack',
    'tsize',
    'rsize',
    'init',
    'tinit',
  ]
  const size = (name: string): number => Number(get(name))
  return {
    ...Object.fromEntries(names.map((name) => [name, get(name)])),
    functions: Array.from({ length: size('tsize') }, (_, index) => get('at', index)),
    references: Array.from({ length: size('rsize') }, (_, index) => get('ref', index)),
  }
}

const args = fc.tuple(fc.nat(14), fc.integer(), fc.integer())
const codes = ['TRAP_UNREACHABLE', 'TRAP_DIVIDE_BY_ZERO', 'TRAP_OUT_OF_BOUNDS', 'TRAP_STACK_OVERFLOW'] as const

describe('after a failed call', () => {
  for (const { name, stateful, deadline } of kinds)
    it(`a guest ${name} is as it was after its initialisation: memories, globals, tables, segments, sizes`, async () => {
      await using fresh = await plugBench(stateful, { wasm: { deadline } })
      const first = observe(fresh)
      await using plugged = await plugBench(stateful, { wasm: { deadline } })
      assert.deepEqual(observe(plugged), first)
      fc.assert(
        fc.property(fc.array(args, { maxLength: 12 }), args, fc.nat(3), (calls, last, how) => {
          for (const [what, a, b] of calls) plugged.call('do', what, a, b, { an: 'object' })
          failure(codes[how] ?? 'TRAP_OTHER', () => plugged.call('fail', how, ...last, { another: 'object' }))
          assert.deepEqual(observe(plugged), first)
        }),
        { numRuns: 300 },
      )
    })

  for (const deadline of ['20 s', Infinity]) {
    it(`and after every lease, where that is asked for: all is as it was (deadline ${deadline})`, async () => {
      await using fresh = await plugBench(guests['that drops none'])
      const first = observe(fresh)
      for (const stateful of Object.values(guests)) {
        await using plugged = await plugBench(stateful, { wasm: { restore: 'every-lease', deadline } })
        assert.deepEqual(observe(plugged), first)
        fc.assert(
          fc.property(fc.array(args, { minLength: 1, maxLength: 6 }), (calls) => {
            for (const [what, a, b] of calls) plugged.call('do', what, a, b, { an: 'object' })
            assert.deepEqual(observe(plugged), first)
          }),
          { numRuns: 100 },
        )
      }
    })
  }

  const changes: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
    'a byte of memory': [[0, 70_000, 5]],
    'the last byte of memory': [[0, 2 * page - 1, 5]],
    'a byte of the second memory': [[1, 300, 5]],
    'the size of the memory': [[2, 3, 0]],
    'the size and what grew': [
      [2, 3, 0],
      [0, 4 * page, 5],
    ],
    'the globals of integers': [[4, 1, 2]],
    'the globals of floats': [[5, 1, 2]],
    'the globals of vectors': [[6, 1, 2]],
    'the globals of functions': [[7, 0, 0]],
    'the globals of references and the stack pointer': [[8, 0, 0]],
    'the table of functions': [[9, 1, 0]],
    'the table of references': [[10, 1, 0]],
    'the sizes of the tables': [[11, 3, 3]],
    'the table, filled and copied': [[12, 0, 0]],
    'the segments, dropped': [[13, 0, 0]],
    'the memory, filled and copied': [[14, 50, 60]],
  }
  for (const { name, stateful, deadline } of kinds)
    for (const [what, calls] of Object.entries(changes)) {
      it(`${what}: is put back in a guest ${name}`, async () => {
        await using plugged = await plugBench(stateful, { wasm: { deadline } })
        const first = observe(plugged)
        for (let time = 0; time < 3; time++) {
          for (const call of calls) plugged.call('do', ...call, 'text')
          // Dropped segments show by a trap, and not in what is there to be seen.
          if (!what.includes('dropped')) assert.notDeepEqual(observe(plugged), first, 'the test changes nothing')
          failure('TRAP_UNREACHABLE', () => plugged.call('fail', 0, 15, 0, 0, null))
          assert.deepEqual(observe(plugged), first)
        }
        assert.equal(plugged.plugin.stats().restores, 3)
      })
    }

  const stateful = guests['that drops none']

  it('memory that grows again is zero', async () => {
    await using plugged = await plugBench(stateful)
    for (let time = 0; time < 4; time++) {
      assert.equal(plugged.call('size'), 2)
      plugged.call('do', 2, 3, 0, null)
      assert.equal(plugged.call('size'), 5)
      plugged.use(({ memory }) => {
        assert.equal(memory.bytes().length, 5 * page)
        const grown = memory.bytes().subarray(2 * page)
        assert(
          grown.every((byte) => byte === 0),
          'what grew holds what was there before',
        )
        grown.fill(7)
      })
      failure('TRAP_OUT_OF_BOUNDS', () => plugged.call('fail', 2, 15, 0, 0, null))
    }
  })

  it('a signalling NaN in a global keeps its bits', async () => {
    await using plugged = await plugBench(`(module
      (global $f32 (mut f32) (f32.const nan:0x200001)) (global $f64 (mut f64) (f64.const nan:0x4000000000001))
      (global $signed (mut f32) (f32.const -nan)) (global $zero (mut f64) (f64.const -0))
      (func (export "f32") (result i32) (i32.reinterpret_f32 (global.get $f32)))
      (func (export "f64") (result i64) (i64.reinterpret_f64 (global.get $f64)))
      (func (export "signed") (result i32) (i32.reinterpret_f32 (global.get $signed)))
      (func (export "zero") (result i64) (i64.reinterpret_f64 (global.get $zero)))
      (func (export "trap") (global.set $f32 (f32.const 1)) (global.set $f64 (f64.const 1)) (global.set $signed (f32.const 1)) (global.set $zero (f64.const 0)) unreachable))`)
    const bits = (): unknown[] => ['f32', 'f64', 'signed', 'zero'].map((name) => plugged.call(name))
    const first = bits()
    failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    assert.deepEqual(bits(), first)
  })

  it('what the initialisation dropped stays dropped, and what it grew stays grown', async () => {
    await using plugged =
      await plugBench(`(module (memory (export "memory") 1) (table $t 1 funcref) (data $d "x") (elem $e func $f)
      (func $f) (func (export "_initialize") (data.drop $d) (elem.drop $e) (drop (memory.grow (i32.const 2))) (drop (table.grow $t (ref.func $f) (i32.const 4))) (i32.store8 (i32.const 150000) (i32.const 9)))
      (func (export "data") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)))
      (func (export "elem") (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)))
      (func (export "sizes") (result i32) (i32.add (memory.size) (i32.mul (table.size $t) (i32.const 10))))
      (func (export "byte") (result i32) (i32.load8_u (i32.const 150000)))
      (func (export "trap") (i32.store8 (i32.const 150000) (i32.const 1)) (drop (memory.grow (i32.const 1))) unreachable))`)
    for (let time = 0; time < 3; time++) {
      failure('TRAP_OUT_OF_BOUNDS', () => plugged.call('data'))
      failure('TRAP_TABLE_ACCESS', () => plugged.call('elem'))
      assert.equal(plugged.call('sizes'), 53)
      assert.equal(plugged.call('byte'), 9)
      failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    }
  })

  it('a segment is there again that only a later run of the start function dropped', async () => {
    await using plugged =
      await plugBench(`(module (memory (export "memory") 1) (data $lazy "abcd") (table $t 1 funcref) (elem $dropped func $begin)
      (global $begun (mut i32) (i32.const 0)) (start $begin)
      (func $begin (export "begin") (if (global.get $begun) (then (data.drop $lazy) (elem.drop $dropped))) (global.set $begun (i32.const 1)))
      (func (export "init") (result i32) (memory.init $lazy (i32.const 0) (i32.const 0) (i32.const 4)) (table.init $t $dropped (i32.const 0) (i32.const 0) (i32.const 1)) (i32.load (i32.const 0)))
      (func (export "trap") unreachable))`)
    assert.equal(plugged.call('init'), 0x64636261)
    plugged.call('begin')
    failure(['TRAP_OUT_OF_BOUNDS', 'TRAP_TABLE_ACCESS'], () => plugged.call('init'))
    assert.equal(plugged.call('init'), 0x64636261)
    plugged.call('begin')
    failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    assert.equal(plugged.call('init'), 0x64636261)
  })

  it('what the host wrote into it during the call is gone, too', async () => {
    await using plugged = await plugBench(stateful)
    const first = observe(plugged)
    failure('GUEST_POINTER', () =>
      plugged.use(({ memory }) => {
        memory.bytes().fill(1)
        memory.view().setFloat64(8, 1)
        memory.writeUtf16(1000, 'text')
        memory.readString(-4)
      }),
    )
    assert.deepEqual(observe(plugged), first)
  })

  it('of a kind that the host finds (a broken answer), it is put back, too', async () => {
    const guest = wat(
      actionWat(
        `(global.set $count (i32.add (global.get $count) (i32.const 1)))
         (i32.store16 (i32.const 534) (i32.add (global.get $count) (i32.const 48)))
         (if (i32.eq (i32.load (i32.sub (local.get $event) (i32.const 4))) (i32.const 4)) (then (return (i32.const 1028))))
         (i32.const 516)`,
        `(global $count (mut i32) (i32.const 0)) ${stringData(516, '{"count":0}')} ${stringData(1028, 'no JSON')}`,
      ),
    )
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('guest', guest, action)
    assert.deepEqual(plugin.hooks.main({ a: 1 }), { count: 1 })
    assert.deepEqual(plugin.hooks.main({ a: 1 }), { count: 2 })
    failure('GUEST_RESULT', () => plugin.hooks.main({}))
    assert.deepEqual(plugin.hooks.main({ a: 1 }), { count: 1 })
  })
})

describe('restore', () => {
  /** Counts its calls, and takes as many pages as it is told. */
  const counter = `(module (import "bench" "note" (func $note)) (memory (export "memory") 1) (global $count (mut i32) (i32.const 0))
    (func (export "run") (param $pages i32) (result i32)
      (call $note)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (if (local.get $pages) (then (if (i32.eq (i32.const -1) (memory.grow (local.get $pages))) (then unreachable))))
      (global.get $count))
    (func (export "size") (result i32) (memory.size)))`
  const plug = async (
    restore: Restore | undefined,
    memory: string,
    pure: boolean,
  ): Promise<PluggedBench & { readonly runs: () => number }> => {
    let runs = 0
    const functions = { note: ['func () -> ()', () => () => void runs++] } as const
    const limits = restore === undefined ? { memory } : { memory, restore }
    return Object.assign(await plugBench(counter, { functions, pure, limits }), { runs: () => runs })
  }

  it("'on-error' keeps the state over calls that end well, and is the default for guests with memory of their own", async () => {
    for (const restore of ['on-error', undefined] as const) {
      await using plugged = await plug(restore, '16 MiB', false)
      for (let call = 1; call <= 1000; call++) assert.equal(plugged.call('run', 0), call)
      assert.equal(plugged.plugin.stats().restores, 0)
    }
  })

  it("'on-error' lets a guest fill its memory, and gives it back only then", async () => {
    await using plugged = await plug('on-error', '1 MiB', false)
    for (let call = 1; call <= 15; call++) assert.equal(plugged.call('run', 1), call)
    failure('TRAP_OUT_OF_MEMORY', () => plugged.call('run', 1))
    assert.equal(plugged.runs(), 16)
    assert.equal(plugged.call('run', 1), 1)
    assert.equal(plugged.call('size'), 2)
  })

  it("'every-lease' starts every call afresh", async () => {
    await using plugged = await plug('every-lease', '16 MiB', false)
    for (let call = 0; call < 200; call++) {
      assert.equal(plugged.call('run', call % 3), 1)
      assert.equal(plugged.call('size'), 1)
    }
    assert.equal(plugged.runs(), 200)
  })

  it("'when-full' restores before memory runs out", async () => {
    for (const pure of [true, false]) {
      await using plugged = await plug('when-full', '16 MiB', pure)
      let longest = 0
      for (let call = 0; call < 3000; call++) longest = Math.max(longest, Number(plugged.call('run', 1)))
      const { errors, restores } = plugged.plugin.stats()
      assert.equal(errors, 0)
      assert(restores >= 3000 / 256 && restores < 3000, `${restores} restores`)
      assert(longest > 1, `${longest} calls between restores`)
      assert.equal(plugged.runs(), 3000)
    }
  })

  it("'when-full' keeps the state of a guest that takes no memory", async () => {
    await using plugged = await plug('when-full', '16 MiB', true)
    for (let call = 1; call <= 1000; call++) assert.equal(plugged.call('run', 0), call)
  })

  it("'when-full' runs a call that ran out of memory once more on a fresh guest, where the contract is pure", async () => {
    await using plugged = await plug('when-full', '16 MiB', true)
    // Each call takes less than all, and two of them more than all.
    for (let call = 0; call < 10; call++) assert.equal(typeof plugged.call('run', 200), 'number')
    assert.equal(plugged.plugin.stats().errors, 0)
    const runs = plugged.runs()
    failure('TRAP_OUT_OF_MEMORY', () => plugged.call('run', 300))
    assert(plugged.runs() - runs <= 2, `${plugged.runs() - runs} runs`)
    assert.equal(plugged.call('run', 0), 1)
  })

  it("'when-full' runs nothing twice where the contract is not pure", async () => {
    await using plugged = await plug('when-full', '16 MiB', false)
    failure('TRAP_OUT_OF_MEMORY', () => plugged.call('run', 300))
    let calls = 1
    assert.equal(plugged.runs(), calls)
    for (let call = 0; call < 10; call++) {
      calls++
      try {
        plugged.call('run', 200)
      } catch (error) {
        await rejection(
          'TRAP_OUT_OF_MEMORY',
          Promise.resolve().then(() => raise(error)),
        )
      }
      assert.equal(plugged.runs(), calls)
    }
  })
})

function raise(thrown: unknown): never {
  throw thrown
}

describe('the memory limit', () => {
  const grower = `(module (memory (export "memory") 1) (memory $second 1) (memory $third 0 3)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow2") (param i32) (result i32) (memory.grow $second (local.get 0)))
    (func (export "grow3") (param i32) (result i32) (memory.grow $third (local.get 0)))
    (func (export "size") (result i32) (memory.size))
    (func (export "size2") (result i32) (memory.size $second))
    (func (export "size3") (result i32) (memory.size $third))
    (func (export "touch") (param i32) (result i32) (i32.store8 (local.get 0) (i32.const 1)) (i32.load8_u (local.get 0)))
    (func (export "trap") unreachable))`
  const growths = [
    ['grow', 2],
    ['grow2', 1],
    ['grow3', 2],
    ['grow', 1],
    ['grow2', 9],
    ['grow3', 1],
    ['grow', 3],
  ] as const

  it('counts all memories together, again and again', async () => {
    await using plugged = await plugBench(grower, { limits: { memory: 8 * page } })
    const sizes = ['size', 'size2', 'size3']
    const total = (): number => sizes.reduce((sum, name) => sum + Number(plugged.call(name)), 0)
    for (let time = 0; time < 4; time++) {
      assert.deepEqual(
        sizes.map((name) => plugged.call(name)),
        [1, 1, 0],
      )
      // In whatever order they grow, and whichever of them may: together they never have more than the limit.
      for (const [name, pages] of growths.slice(time)) {
        const before = total()
        const result = plugged.call(name, pages)
        assert.equal(total(), result === -1 ? before : before + pages)
        assert(total() <= 8)
      }
      assert.equal(plugged.call('grow', 9 - total()), -1)
      const room = 8 - total()
      assert.notEqual(plugged.call('grow', room), -1)
      assert.equal(total(), 8)
      assert.equal(plugged.call('grow', 1), -1)
      failure(['TRAP_UNREACHABLE', 'TRAP_OUT_OF_MEMORY'], () => plugged.call('trap'))
    }
  })

  it('refuses growth of nonsense, and knows where memory ends', async () => {
    await using plugged = await plugBench(grower, { limits: { memory: 8 * page } })
    for (const pages of [-1, 65_536, 2 ** 31 - 1, -(2 ** 31), 100]) assert.equal(plugged.call('grow', pages), -1)
    assert.equal(plugged.call('touch', page - 1), 1)
    failure('TRAP_OUT_OF_BOUNDS', () => plugged.call('touch', page))
    assert.equal(plugged.call('grow', 1), 1)
    assert.equal(plugged.call('touch', 2 * page - 1), 1)
    failure('TRAP_OUT_OF_BOUNDS', () => plugged.call('touch', 2 * page))
  })

  it('after a restore shows the host what the guest has, and no more', async () => {
    await using plugged = await plugBench(grower, { limits: { memory: 8 * page } })
    for (let time = 0; time < 3; time++) {
      assert.equal(plugged.call('grow', 3), 1)
      assert.equal(plugged.call('touch', 4 * page - 1), 1)
      failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
      assert.equal(plugged.call('size'), 1)
      assert.equal(
        plugged.use(({ memory }) => memory.bytes().length),
        page,
      )
      failure('GUEST_POINTER', () => plugged.use(({ memory }) => memory.readUtf8(page, 1)))
    }
  })

  it('after a restore stops a guest at the end of its memory, as at first', async () => {
    await using plugged = await plugBench(grower, { limits: { memory: 8 * page } })
    failure('TRAP_OUT_OF_BOUNDS', () => plugged.call('touch', page))
    assert.equal(plugged.call('grow', 3), 1)
    failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    failure('TRAP_OUT_OF_BOUNDS', () => plugged.call('touch', page))
  })

  for (const restored of [true, false]) {
    it(`after a restore grows by zeros, whatever was written beyond the end ${restored ? 'before another restore' : 'since'}`, async () => {
      await using plugged = await plugBench(grower, { limits: { memory: 8 * page } })
      const touch = (at: number): void => {
        try {
          plugged.call('touch', at)
        } catch {
          // It may be stopped there.
        }
      }
      for (let time = 0; time < 3; time++) {
        assert.equal(plugged.call('grow', 3), 1)
        failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
        touch(page)
        touch(3 * page + 5)
        if (restored) failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
        assert.equal(plugged.call('grow', 3), 1)
        assert(plugged.use(({ memory }) => memory.bytes().every((byte) => byte === 0)))
        failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
      }
    })
  }

  it("keeps to the module's own maximum where that is less", async () => {
    await using plugged = await plugBench(grower.replace('"memory") 1)', '"memory") 1 3)'))
    for (let time = 0; time < 2; time++) {
      assert.equal(plugged.call('grow', 3), -1)
      assert.equal(plugged.call('grow', 2), 1)
      assert.equal(plugged.call('grow', 1), -1)
      failure(['TRAP_UNREACHABLE', 'TRAP_OUT_OF_MEMORY'], () => plugged.call('trap'))
    }
  })

  it('holds memory that the guest imports', async () => {
    await using plugged = await plugBench(
      `(module (import "env" "memory" (memory 1 100)) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))) (func (export "size") (result i32) (memory.size)) (func (export "trap") unreachable))`,
      { limits: { memory: 3 * page } },
    )
    for (let time = 0; time < 3; time++) {
      assert.equal(plugged.call('size'), 1)
      assert.equal(plugged.call('grow', 2), 1)
      assert.equal(plugged.call('grow', 1), -1)
      failure(['TRAP_UNREACHABLE', 'TRAP_OUT_OF_MEMORY'], () => plugged.call('trap'))
    }
  })
})

describe('a tenon guest', () => {
  const calls = 1_000_000

  it(`lasts for ${calls} JSON calls under its limit without a collector`, async () => {
    const { wasm: hello } = await build('examples/hello/guest')
    await using host = new Mortise({ runtimes: [wasm({ memory: '16 MiB', deadline: '20 s' })] })
    const plugin = await host.plug('hello', hello, action)
    for (let call = 0; call < calls; call++) {
      const { greetings } = plugin.hooks.main({ name: 'Mike' })
      if (greetings !== 'Hello, Mike') assert.fail(`${JSON.stringify(greetings)} at call ${call}`)
    }
    const { errors, restores } = plugin.stats()
    assert.equal(errors, 0)
    assert(restores > 0 && restores < calls / 100, `${restores} restores`)
    assert.deepEqual(plugin.hooks.main({}), { error: 'no name specified' })
  })

  it('takes events of every size on the way to its limit', async () => {
    const { wasm: hello } = await build('examples/hello/guest')
    await using host = new Mortise({ runtimes: [wasm({ memory: '4 MiB', deadline: '20 s' })] })
    const plugin = await host.plug('hello', hello, action)
    for (let call = 0; call < 300; call++) {
      const name = 'x'.repeat((call * 7919) % 150_000)
      const wanted = name === '' ? { error: 'no name specified' } : { greetings: `Hello, ${name}` }
      assert.deepEqual(plugin.hooks.main({ name }), wanted)
    }
    assert.equal(plugin.stats().errors, 0)
  })

  it('with a collector keeps its state under its limit, and loses it only by a crash', async () => {
    const source = `
      @json class Event { crash: bool = false }
      const seen = new Map<string, i32>()
      let count = 0
      export function main(event: Event): string {
        if (event.crash) throw new Error('crashed')
        count++
        seen.set((count % 100).toString(), count)
        return '{"count":' + count.toString() + ',"seen":' + seen.size.toString() + '}'
      }`
    await using host = new Mortise({ runtimes: [wasm({ memory: '1 MiB', deadline: '20 s' })] })
    const plugin = await host.plug('guest', await buildText(source, { gc: 'incremental' }), action)
    for (let call = 1; call <= 20_000; call++) {
      const { count } = plugin.hooks.main({})
      if (count !== call) assert.fail(`${JSON.stringify(count)} at call ${call}`)
    }
    assert.equal(plugin.stats().restores, 0)
    failure('GUEST_ABORT', () => plugin.hooks.main({ crash: true }))
    assert.deepEqual(plugin.hooks.main({}), { count: 1, seen: 1 })
  })
})

describe('every way of writing', () => {
  /** The guest itself looks at its memory: all that the host takes hold of counts as written. */
  const summing = `(func (export "sum") (result i32) (local $at i32) (local $sum i32)
      (loop $more
        (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load (local.get $at))))
        (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.shl (memory.size) (i32.const 16)))))
      (local.get $sum))`
  const offsets = [0, 1, 250, 4095, 65_535]
  const [value, wide, vector] = [
    '(i32.const 0x5a5b5c5d)',
    '(i64.const 0x5a5b5c5d5e5f6061)',
    '(v128.const i32x4 0x5a5b5c5d 0x6a6b6c6d 0x7a7b7c7d 0x4a4b4c4d)',
  ]
  const instructions: readonly (readonly [name: string, operand: string, result?: 'drop'])[] = [
    ['i32.store', value],
    ['i32.store8', value],
    ['i32.store16', value],
    ['i64.store', wide],
    ['i64.store8', wide],
    ['i64.store16', wide],
    ['i64.store32', wide],
    ['f32.store', '(f32.const 1.25)'],
    ['f64.store', '(f64.const 1.25)'],
    ['v128.store', vector],
    ['i32.atomic.store', value],
    ['i32.atomic.store8', value],
    ['i32.atomic.store16', value],
    ['i64.atomic.store', wide],
    ['i64.atomic.store32', wide],
    ['i32.atomic.rmw.add', value, 'drop'],
    ['i32.atomic.rmw8.xchg_u', value, 'drop'],
    ['i32.atomic.rmw16.xor_u', value, 'drop'],
    ['i64.atomic.rmw.sub', wide, 'drop'],
    ['i64.atomic.rmw32.or_u', wide, 'drop'],
    ['i32.atomic.rmw.cmpxchg', `(i32.const 0x11111111) ${value}`, 'drop'],
    ['i64.atomic.rmw8.cmpxchg_u', `(i64.const 0x11) ${wide}`, 'drop'],
  ]
  const lanes = [8, 16, 32, 64] as const
  const stores = [
    ...instructions.flatMap(([name, operand, result]) =>
      offsets.map((offset) => {
        const store = `(${name} offset=${offset} (local.get $a) ${operand})`
        return result === 'drop' ? `(drop ${store})` : store
      }),
    ),
    ...lanes.flatMap((bits) =>
      offsets.map((offset) => `(v128.store${bits}_lane offset=${offset} 1 (local.get $a) ${vector})`),
    ),
    '(memory.fill (local.get $a) (i32.const 0x33) (local.get $c))',
    '(memory.copy (local.get $a) (local.get $b) (local.get $c))',
    '(memory.copy $memory $second (local.get $a) (i32.rem_u (local.get $b) (i32.const 65536)) (i32.rem_u (local.get $c) (i32.const 70000)))',
    '(memory.init $bytes (local.get $a) (i32.rem_u (local.get $b) (i32.const 4000)) (i32.rem_u (local.get $c) (i32.const 1000)))',
  ]
  const guest =
    wat(`(module (memory $memory (export "memory") 4 8) (memory $second 1) (data $bytes "${'0123456789abcdef'.repeat(256)}")
    (func (export "_initialize") (memory.fill (i32.const 0) (i32.const 0x11) (i32.const ${4 * page})))
    ${stores.map((store, index) => `(func (export "s${index}") (param $a i32) (param $b i32) (param $c i32) ${store})`).join('\n')}
    ${summing}
    (func (export "spoiled") (result i32) (local $at i32)
      (loop $more
        (if (i64.ne (i64.load (local.get $at)) (i64.const 0x1111111111111111)) (then (return (local.get $at))))
        (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const ${4 * page}))))
      (i32.const -1))
    (func (export "trap") unreachable))`)
  const near = fc.tuple(
    fc.constantFrom(0, 256, 1024, 4096, 2 * 4096, page, 2 * page, 3 * page, 4 * page),
    fc.integer({ min: -20, max: 20 }),
  )
  const address = fc.oneof(
    near.map(([at, more]) => Math.max(0, at + more)),
    fc.nat(4 * page),
  )
  const length = fc.oneof(
    fc.nat(40),
    fc.nat(5 * page),
    fc.constantFrom(0, 255, 256, 4096, page, 2 * page, 4 * page, -1),
  )
  const write = fc.tuple(fc.nat(stores.length - 1), address, address, length)
  const bulk = fc.tuple(fc.integer({ min: stores.length - 4, max: stores.length - 1 }), address, address, length)

  /** The same guest without us. */
  const raw = (): ((name: string, ...given: readonly number[]) => unknown) => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(guest))
    const call = (name: string, ...given: readonly number[]): unknown => {
      const exported = exports[name]
      assert(typeof exported === 'function')
      const result: unknown = Reflect.apply(exported, undefined, given)
      return result
    }
    call('_initialize')
    return call
  }

  /** What is compiled into a guest depends on these. */
  const settings: readonly WasmOptions[] = [
    { restore: 'on-error' },
    { restore: 'on-error', deadline: Infinity },
    { restore: 'when-full' },
    { restore: 'every-lease' },
    { restore: 'every-lease', deadline: Infinity },
  ]
  for (const options of settings) {
    const { restore } = options
    const said = JSON.stringify(options)
    const undo = (plugged: PluggedBench): void => {
      if (restore !== 'every-lease') failure('TRAP_UNREACHABLE', () => plugged.call('trap'))
    }

    it(`does what it does without a host, and is undone, with ${said}`, async () => {
      await using plugged = await plugBench(guest, { wasm: options })
      fc.assert(
        fc.property(fc.array(fc.oneof(write, bulk), { minLength: 1, maxLength: 15 }), (writes) => {
          let reference = raw()
          for (const [store, ...given] of writes) {
            const name = `s${store}`
            let trapped = false
            try {
              reference(name, ...given)
            } catch {
              trapped = true
              reference = raw()
            }
            // An atomic access that is not aligned traps, too.
            if (trapped) failure(['TRAP_OUT_OF_BOUNDS', 'TRAP_OTHER'], () => plugged.call(name, ...given))
            else plugged.call(name, ...given)
          }
          if (restore !== 'every-lease') assert.equal(plugged.call('sum'), reference('sum'))
          undo(plugged)
          assert.equal(plugged.call('spoiled'), -1)
        }),
        { numRuns: 150 },
      )
    })

    it(`from the host is undone, with ${said}`, async () => {
      await using plugged = await plugBench(guest, { wasm: options })
      const ways = fc.constantFrom('bytes', 'view', 'utf8', 'utf16', 'short', 'copy')
      const places = fc.array(fc.tuple(address, fc.nat(300)), { minLength: 1, maxLength: 6 })
      fc.assert(
        fc.property(ways, places, (how, writes) => {
          const run = (at: number, size: number): void =>
            plugged.use(({ memory }) => {
              const start = Math.min(at, 4 * page - 2 * size - 8)
              if (how === 'bytes') memory.bytes().fill(7, start, start + size)
              else if (how === 'view') memory.view().setFloat64(start, 1.5)
              else if (how === 'utf8') memory.writeUtf8(start, size, 'é'.repeat(size))
              else if (how === 'utf16') memory.writeUtf16(start, 'x'.repeat(size))
              else if (how === 'short') memory.writeUtf8(start, 2 * size, 'short')
              else memory.writeBytes(start, Buffer.alloc(size, 9))
            })
          for (const [at, size] of writes) run(at, size)
          undo(plugged)
          assert.equal(plugged.call('spoiled'), -1)
        }),
        { numRuns: 150 },
      )
    })

    it(`by the system (time, randomness, settings) is undone, with ${said}`, async () => {
      await using plugged = await plugBench(
        `(module (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
        (import "tenon" "config" (func $config (param i32) (result i32)))
        (memory (export "memory") 3) ${stringData(516, 'KEY')}
        (func (export "string_new") (param i32) (result i32) (i32.const 150000))
        (func (export "run") (param $at i32)
          (drop (call $random (local.get $at) (i32.const 300)))
          (drop (call $clock (i32.const 0) (i64.const 0) (i32.add (local.get $at) (i32.const 5000))))
          (drop (call $sizes (i32.const 20000) (i32.const 20004)))
          (drop (call $environ (i32.const 30000) (i32.const 70000)))
          (drop (call $args (i32.const 40000) (i32.const 140000)))
          (drop (call $config (i32.const 516))))
        ${summing}
        (func (export "trap") unreachable))`,
        { config: { KEY: 'a setting' }, wasm: options },
      )
      const first = plugged.call('sum')
      for (const at of [0, 100, 4000, 65_400, 100_000, 180_000]) {
        plugged.call('run', at)
        if (restore !== 'every-lease') assert.notEqual(plugged.call('sum'), first, 'nothing was written')
        undo(plugged)
        assert.equal(plugged.call('sum'), first, `what was written at ${at} is still there`)
      }
    })
  }
})
