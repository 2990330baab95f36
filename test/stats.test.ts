import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { esm } from 'mortise/esm'
import { wasm } from 'mortise/wasm'
import { adder, slowAdder } from './esm/contract.ts'
import { benchContract, failure, plugBench, wat } from './support/wat.ts'

const guest = wat(
  '(module (func (export "good")) (func (export "bad") unreachable) (func (export "hang") (loop (br 0))))',
)
const adds = Buffer.from('export const add = (a, b) => a + b')

describe('the statistics of a plugin', () => {
  it('count the calls and the errors of each hook, over swaps', async () => {
    await using guestOf = await plugBench(guest)
    const { plugin } = guestOf
    for (let call = 0; call < 3000; call++) plugin.hooks.call('good', [])
    plugin.hooks.use(() => {})
    await plugin.swap(guest)
    for (let call = 0; call < 3; call++) failure('TRAP_UNREACHABLE', () => plugin.hooks.call('bad', []))
    failure('DEADLINE', () => plugin.hooks.call('hang', []))
    const { calls, errors, hooks } = plugin.stats()
    assert.deepEqual(hooks, {
      call: { calls: 3004, errors: { TRAP_UNREACHABLE: 3, DEADLINE: 1 }, seconds: undefined },
      use: { calls: 1, errors: {}, seconds: undefined },
    })
    assert.deepEqual([calls, errors], [3005, 4])
  })

  it('count calls under a deadline of their own, and calls from inside a call', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const inner = await host.plug('inner', guest, benchContract())
    const outer = await host.plug(
      'outer',
      wat('(module (import "bench" "visit" (func $visit)) (export "run" (func $visit)))'),
      benchContract({ visit: ['func () -> ()', () => () => void inner.within('1 s').call('good', [])] }),
    )
    for (let call = 0; call < 5; call++) outer.hooks.call('run', [])
    assert.deepEqual([outer.stats().hooks['call']?.calls, inner.stats().hooks['call']?.calls], [5, 5])
  })

  it('have the seconds of every call once the host is told to time them, also of plugins that come later', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const early = await host.plug('early', adds, adder)
    for (let call = 0; call < 2000; call++) early.hooks.add(1, 2)
    assert.equal(early.stats().hooks['add']?.seconds, undefined)
    host.timeCalls()
    const waits = Buffer.from('export const add = (a, b) => new Promise((done) => setTimeout(done, 20, a + b))')
    const late = await host.plug('late', waits, slowAdder)
    const before = performance.now()
    for (let call = 0; call < 100; call++) early.hooks.add(1, 2)
    const most = (performance.now() - before) / 1000
    const { calls, seconds = 0 } = early.stats().hooks['add'] ?? {}
    assert.equal(calls, 2100)
    assert(seconds > 0 && seconds <= most, `${seconds} s`)
    assert.equal(late.stats().hooks['add']?.seconds, 0)
    const sums = [late.hooks.add(1, 2), late.hooks.add(3, 4)]
    assert.deepEqual([late.stats().hooks['add']?.calls, late.stats().hooks['add']?.seconds], [2, 0])
    assert.deepEqual(await Promise.all(sums), [3, 7])
    const { seconds: waited = 0 } = late.stats().hooks['add'] ?? {}
    assert(waited >= 0.038, `${waited} s`)
  })

  it('time calls that fail too', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    host.timeCalls()
    const plugin = await host.plug('guest', guest, benchContract(), { limits: { deadline: '10 ms' } })
    failure('DEADLINE', () => plugin.hooks.call('hang', []))
    const { seconds = 0 } = plugin.stats().hooks['call'] ?? {}
    assert(seconds >= 0.009, `${seconds} s`)
  })
})
