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
