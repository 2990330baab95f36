import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failure, plugBench, rejection } from '../support/wat.ts'

/** A loop of seven instructions a round, a recursion, a chain of calls by name, and bulk work. */
const guest = `(module (memory (export "memory") 64)
  (func (export "rounds") (param $n i32)
    (loop $more (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $leaf (nop) (drop (i32.const 1)) (drop (i32.const 2)))
  (func $middle (call $leaf) (call $leaf))
  (func (export "chain") (call $middle))
  (func (export "nothing"))
  (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
  (func (export "ever") (loop $more (br $more)))
  (func (export "kept") (result i32) (i32.load (i32.const 8)))
  (func (export "keep") (i32.store (i32.const 8) (i32.const 5)) (call $middle)))`

/** What each kind of instruction costs: the body of a function without parameters, and what a call of it burns. */
const classes: Readonly<Record<string, readonly [body: string, burns: number]>> = {
  constants: ['(drop (i32.const 1)) (drop (i64.const 1)) (drop (f32.const 1)) (drop (f64.const 1))', 8],
  'nothing at all': ['nop (block nop)', 0],
  'locals and globals': ['(local i32) (local.set 0 (i32.const 1)) (global.set $g (local.tee 0 (global.get $g)))', 5],
  arithmetic: ['(drop (i64.div_u (i64.rotl (i64.const 1) (i64.const 2)) (i64.const 3)))', 6],
  floats: ['(drop (f64.sqrt (f64.convert_i32_s (i32.trunc_sat_f32_u (f32.const 2.5)))))', 5],
  vectors: ['(drop (i8x16.swizzle (v128.const i64x2 1 2) (i32x4.splat (i32.const 1))))', 5],
  'loads and stores': ['(i32.store (i32.const 0) (i32.load8_u (i32.const 4)))', 4],
  atomics: ['(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 4)))', 4],
  'the size of the memory': ['(drop (memory.grow (i32.const 0))) (drop (memory.size))', 5],
  'a branch, whichever way': [
    '(if (i32.const 0) (then (drop (i32.const 1))) (else (drop (i32.const 1)) (drop (i32.const 2))))',
    8,
  ],
  'a jump out of a block': ['(block (br 0) (drop (i32.const 1)))', 3],
  'a br_table': ['(block (block (br_table 0 1 (i32.const 1))))', 2],
  'a select': ['(drop (select (i32.const 1) (i32.const 2) (i32.const 3)))', 5],
  'a call by name': ['(call $two)', 1 + 2],
  'a call through a table': ['(call_indirect (type $void) (i32.const 0))', 2 + 4],
  'a tail call': ['(return_call $two)', 1 + 2],
  'a host function': ['(call $host)', 1],
  tables: ['(table.set $t (i32.const 1) (table.get $t (i32.const 1)))', 4],
  references: ['(drop (ref.is_null (ref.func $four)))', 3],
  'an exception that is caught': ['(block $out (try_table (catch_all $out) (throw $tag)))', 2],
  'a loop of three rounds': [
    '(local i32) (local.set 0 (i32.const 3)) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))',
    2 + 3 * 5,
  ],
  'a fill of 640 bytes': ['(memory.fill (i32.const 0) (i32.const 7) (i32.const 640))', 4 + 10],
  'a copy of 63 bytes': ['(memory.copy (i32.const 0) (i32.const 7) (i32.const 63))', 4],
}

const everyClass = `(module (type $void (func)) (import "bench" "host" (func $host)) (memory 1 2) (table $t 2 funcref) (tag $tag)
  (global $g (mut i32) (i32.const 0)) (elem (i32.const 0) func $four)
  (func $two (drop (i32.const 1))) (func $four (drop (i32.const 1)) (drop (i32.const 2))) (func (export "fail") unreachable)
  ${Object.entries(classes)
    .map(([name, [body]]) => `(func (export "${name}") ${body})`)
    .join('\n')})`

const fuel = 1_000_000

describe('fuel', () => {
  it('is burnt by the code that a call enters, as documented', async () => {
    await using plugged = await plugBench(guest, { limits: { fuel } })
    const burnt = (name: string, ...args: readonly number[]): number => {
      plugged.call(name, ...args)
      return plugged.plugin.stats().lastFuel
    }
    assert.equal(burnt('nothing'), 0)
    // Two for each of $leaf's two drops, twice, one for each call of it and one for the call of $middle.
    assert.equal(burnt('chain'), 2 * 4 + 2 + 1)
    const round = burnt('rounds', 2) - burnt('rounds', 1)
    assert.equal(burnt('rounds', 1001) - burnt('rounds', 1), 1000 * round)
    assert.equal(round, 5)
    assert.equal(burnt('fill', 64_000) - burnt('fill', 0), 1000)
  })

  it('burnt by the same call is the same every time, on every instance, with and without other limits', async () => {
    const seen = new Set<number>()
    for (const wasm of [{}, { deadline: Infinity }, { restore: 'every-lease' }] as const) {
      await using plugged = await plugBench(guest, { wasm, limits: { fuel } })
      for (let call = 0; call < 3; call++) {
        plugged.call('fib', 12)
        seen.add(plugged.plugin.stats().lastFuel)
      }
      assert.equal(plugged.plugin.stats().fuel, 3 * plugged.plugin.stats().lastFuel)
    }
    assert.equal(seen.size, 1)
  })

  it('is the same number for each kind of instruction, on every Node, instance and combination, and after a restore', async () => {
    const functions = { host: ['func () -> ()', () => () => {}] } as const
    for (const wasm of [{}, { deadline: Infinity }, { restore: 'every-lease' }] as const) {
      await using plugged = await plugBench(everyClass, { functions, wasm, limits: { fuel } })
      for (let time = 0; time < 3; time++) {
        const burnt = Object.keys(classes).map((name) => {
          plugged.call(name)
          return [name, plugged.plugin.stats().lastFuel]
        })
        assert.deepEqual(
          Object.fromEntries(burnt),
          Object.fromEntries(Object.entries(classes).map(([name, [, burns]]) => [name, burns])),
        )
        failure('TRAP_UNREACHABLE', () => plugged.call('fail'))
        assert.equal(plugged.plugin.stats().lastFuel, 1)
      }
    }
  })

  it('that runs out ends the call with its own code, and the next call finds the guest as new', async () => {
    await using plugged = await plugBench(guest, { wasm: { deadline: Infinity }, limits: { fuel } })
    for (const name of ['ever', 'rounds', 'fib', 'fill']) {
      plugged.call('keep')
      assert.equal(plugged.call('kept'), 5)
      const error = failure('FUEL', () => {
        for (;;) plugged.call(name, name === 'fib' ? 30 : name === 'rounds' ? -1 : 4_000_000)
      }).details
      assert.equal(error.frames?.[0]?.function, name)
      assert.equal(plugged.plugin.stats().lastFuel, fuel)
      assert.equal(plugged.call('kept'), 0)
      if (name === 'rounds') break
    }
  })

  it('limits the initialisation too', async () => {
    const endless = '(module (func $start (loop $more (br $more))) (start $start))'
    await rejection('FUEL', plugBench(endless, { wasm: { deadline: Infinity }, limits: { fuel } }))
  })

  it('is not counted unless asked for', async () => {
    await using plugged = await plugBench(guest)
    plugged.call('fib', 12)
    assert.deepEqual([plugged.plugin.stats().fuel, plugged.plugin.stats().lastFuel], [0, 0])
  })
})

describe('a table', () => {
  it('is refused growth beyond its cap, and a module that begins larger is refused', async () => {
    await using plugged = await plugBench(
      '(module (table $t 10 funcref) (func (export "grow") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0))))',
    )
    assert.equal(plugged.call('grow', 99_990), 10)
    assert.equal(plugged.call('grow', 1), -1)
    await rejection('MEMORY_LIMIT', plugBench('(module (table 100001 funcref))'))
  })
})
