import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise, MortiseError } from 'mortise'
import { wasm } from 'mortise/wasm'
import { benchContract, failure, plugBench, rejection, wat } from '../support/wat.ts'
import { common, functions, guests, module } from './kill-guests.ts'

const deadline = '20 ms'

describe(`a guest with a deadline of ${deadline} that does not end by itself`, () => {
  for (const [what, [code, body, more]] of Object.entries(guests)) {
    for (const restore of ['on-error', 'every-lease'] as const) {
      it(`${what}, restored ${restore}: ends with an error, and the next call is right`, async () => {
        await using plugged = await plugBench(module(body, more), {
          functions,
          wasm: { deadline, restore, sleep: '1 min' },
        })
        for (let time = 0; time < 3; time++) {
          assert.equal(plugged.call('fine'), 1)
          failure(code, () => plugged.call('run'))
          assert.equal(plugged.call('fine'), 1)
          if (restore === 'on-error') assert.equal(plugged.call('fine'), 3)
          failure(code, () => plugged.call('run'))
        }
      })
    }
  }

  for (const where of ['(export "_start")', '(export "_initialize")', '$start'])
    it(`in ${where}: is not plugged in, and another one then is`, async () => {
      await using mortise = new Mortise({ runtimes: [wasm({ deadline })] })
      const start = where === '$start' ? '(start $start)' : ''
      const contract = benchContract(functions)
      const bad = wat(`(module ${common} ${start} (func ${where} (call $spoil) (loop (br 0))))`)
      for (let time = 0; time < 3; time++) {
        await rejection('DEADLINE', mortise.plug('guest', bad, contract))
        const plugin = await mortise.plug('guest', wat(`(module ${common})`), contract)
        assert.equal(plugin.hooks.call('fine', []), 1)
        await plugin.unplug()
      }
    })
})

describe('deadlines of calls inside calls', () => {
  const inner = `(module (import "bench" "pass" (func $pass (param i32))) ${common}
    (func (export "spin") (loop (br 0)))
    (func (export "slow") (param i32) (result i32) (call $pass (local.get 0)) (i32.const 7)))`
  const outer = `(module (import "bench" "ask" (func $ask (param i32) (result i32))) ${common}
    (func (export "ask") (param i32) (result i32) (i32.add (call $ask (local.get 0)) (i32.const 100)))
    (func (export "ask, then spin") (param i32) (drop (call $ask (local.get 0))) (loop (br 0))))`

  const busy = (milliseconds: number): void => {
    for (const end = performance.now() + milliseconds; performance.now() < end;);
  }

  const plugBoth = async (outside: string, inside: string) => {
    const within = await plugBench(inner, {
      functions: { pass: ['func (i32) -> ()', () => busy] },
      wasm: { deadline: inside },
    })
    const codes: string[] = []
    const ask = (how: number): number => {
      try {
        return Number(how < 0 ? within.call('spin') : within.call('slow', how))
      } catch (error) {
        codes.push(MortiseError.is(error) ? error.code : String(error))
        return -1
      }
    }
    const around = await plugBench(outer, {
      functions: { ask: ['func (i32) -> (i32)', () => ask] },
      wasm: { deadline: outside },
    })
    const close = async (): Promise<void> => {
      await around[Symbol.asyncDispose]()
      await within[Symbol.asyncDispose]()
    }
    return { within, around, codes, [Symbol.asyncDispose]: close }
  }

  it('the inner call that overruns does not end the outer', async () => {
    await using both = await plugBoth('1 min', deadline)
    for (let time = 0; time < 10; time++) {
      assert.equal(both.around.call('ask', -1), 99)
      assert.equal(both.within.call('fine'), 1)
      assert.equal(both.around.call('ask', 0), 107)
    }
    assert.deepEqual(both.codes, Array(10).fill('DEADLINE'))
    assert.equal(both.around.plugin.stats().errors, 0)
  })

  it('the outer call that overruns while the inner is at work does not end the inner', async () => {
    await using both = await plugBoth(deadline, '1 min')
    for (let time = 0; time < 5; time++) {
      failure('DEADLINE', () => both.around.call('ask, then spin', 80))
      assert.equal(both.around.call('fine'), 1)
      assert.equal(both.around.call('ask', 0), 107)
      assert.equal(both.within.call('slow', 80), 7)
    }
    assert.deepEqual(both.codes, [])
    assert.equal(both.within.plugin.stats().errors, 0)
  })

  it('the outer call is over when the inner has taken all of its time', async () => {
    await using both = await plugBoth(deadline, '1 min')
    failure('DEADLINE', () => both.around.call('ask', 80))
    assert.equal(both.around.call('fine'), 1)
    assert.deepEqual(both.codes, [])
  })

  it('the outer call has its deadline again after the inner', async () => {
    await using both = await plugBoth(deadline, '1 min')
    for (let time = 0; time < 5; time++) {
      failure('DEADLINE', () => both.around.call('ask, then spin', 0))
      assert.equal(both.around.call('fine'), 1)
    }
    assert.deepEqual(both.codes, [])
  })

  it('both overrun: each ends by itself', async () => {
    await using both = await plugBoth(deadline, deadline)
    for (let time = 0; time < 5; time++) {
      failure('DEADLINE', () => both.around.call('ask, then spin', -1))
      assert.equal(both.around.call('fine'), 1)
      assert.equal(both.within.call('fine'), 1)
    }
    assert.deepEqual(both.codes, Array(5).fill('DEADLINE'))
  })

  it('a host that goes on after an inner overrun is not ended by it', async () => {
    await using both = await plugBoth(deadline, deadline)
    failure('DEADLINE', () => both.within.call('spin'))
    for (let call = 1; call <= 1000; call++) assert(Number(both.around.call('fine')) > 0)
  })
})

it(
  '200,000 short calls, and calls that overrun between them: no innocent one is stopped',
  { timeout: 120_000 },
  async () => {
    await using plugged = await plugBench(module('(loop (br 0))'), { functions, wasm: { deadline: '10 ms' } })
    let stopped = 0
    for (let call = 1; call <= 200_000; call++) {
      assert(Number(plugged.call('fine')) > 0)
      if (call % 4_000 !== 0) continue
      failure('DEADLINE', () => plugged.call('run'))
      stopped++
      assert.equal(plugged.call('fine'), 1)
    }
    assert.equal(plugged.plugin.stats().errors, stopped)
  },
)
