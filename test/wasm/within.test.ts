import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Mortise, MortiseError } from 'mortise'
import { defineContract } from 'mortise/contract'
import { wasm, wasmFunction, type WasmOptions } from 'mortise/wasm'
import { wat } from '../support/wat.ts'

interface Counter {
  count(rounds: number): number
  nested(rounds: number): number
}

const guest = `(module
  (func $count (export "count") (param i32) (result i32) (local i32)
    (loop (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
    (local.get 1)))`

const counter = defineContract<Counter>()({
  name: 'counter',
  pure: true,
  hooks: { count: 1, nested: 1 },
  bindings: {
    wasm: {
      mode: 'sync',
      check: () => [],
      imports: () => ({}),
      bind: ({ unit: { exports }, guard }) => {
        const count = wasmFunction(exports, 'count')
        return {
          count: guard('count', (rounds: number) => count(rounds)),
          nested: guard('nested', (rounds: number) => count(rounds) + inner()),
        }
      },
    },
  },
})

/** What `nested` calls from inside the guest's call. */
let inner = (): number => 0

/** Tens of milliseconds of work at least, where a deadline of 1 ms ends any of it. */
const long = 2 ** 27
const forever = 2 ** 32 - 1

async function plug(options: WasmOptions) {
  const host = new Mortise({ runtimes: [wasm(options)] })
  return { plugin: await host.plug('counter', wat(guest), counter), [Symbol.asyncDispose]: () => host.close() }
}

const overran = (deadline: string) => (error: unknown) =>
  MortiseError.is(error) && error.code === 'DEADLINE' && error.message.includes(deadline)

it('a call within a longer deadline than the plugin has goes on, and other calls still have the plugin’s', async () => {
  await using plugged = await plug({ deadline: '1 ms' })
  const patient = plugged.plugin.within('30 min')
  assert.throws(() => plugged.plugin.hooks.count(forever), overran('1 ms'))
  assert.equal(patient.count(long), long)
  assert.throws(() => plugged.plugin.hooks.count(forever), overran('1 ms'))
  assert.equal(patient.count(long), long)
})

it('a call within a shorter deadline ends by it, and so does the next one', async () => {
  await using plugged = await plug({ deadline: '30 min' })
  const impatient = plugged.plugin.within(1)
  for (let time = 0; time < 3; time++) assert.throws(() => impatient.count(forever), overran('1 ms'))
  assert.equal(plugged.plugin.hooks.count(long), long)
})

it('a call from inside another one has its own deadline', async () => {
  await using plugged = await plug({ deadline: '30 min' })
  const { plugin } = plugged
  inner = () => {
    assert.throws(() => plugin.within(1).count(forever), overran('1 ms'))
    return plugin.hooks.count(long)
  }
  assert.equal(plugin.within('20 min').nested(1), 1 + long)
})

it('hooks that were kept follow a swap, and end with the plugin', async () => {
  await using plugged = await plug({})
  const { plugin } = plugged
  const { count } = plugin.within('10 s')
  await plugin.swap(wat(guest))
  assert.equal(count(3), 3)
  await plugin.unplug()
  assert.throws(() => count(3), { code: 'PLUGIN_UNPLUGGED' })
})

it('a plugin without a deadline, and a deadline that is none, are refused', async () => {
  await using plugged = await plug({ deadline: Infinity })
  assert.throws(() => plugged.plugin.within('1 s').count(1), { code: 'OPTION_INVALID', message: /'counter'.*1000 ms/ })
  assert.equal(plugged.plugin.hooks.count(7), 7)
  for (const wrong of [0, -1, NaN, Infinity, '1 hour', ''])
    assert.throws(() => plugged.plugin.within(wrong), { code: 'OPTION_INVALID' })
})
