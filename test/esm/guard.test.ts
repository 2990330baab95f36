import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise, type Plugin } from 'mortise'
import { esm } from 'mortise/esm'
import { failure, rejection } from '../support/wat.ts'
import { adder, type Adder, slowAdder } from './contract.ts'

const source = (text: string): Uint8Array => Buffer.from(text)
const adds = source('export const add = (a, b) => a + b')
const onEsm = (): Mortise<'esm'> => new Mortise({ runtimes: [esm()] })

describe('a synchronous contract on esm', () => {
  it('returns at once, before and after a swap', async () => {
    await using host = onEsm()
    const plugin = await host.plug('adder', adds, adder)
    const { add } = plugin.hooks
    assert.equal(add(1, 2), 3)
    await plugin.swap(source('export const add = (a, b) => a * b'))
    assert.equal(add(3, 4), 12)
    assert.deepEqual([plugin.stats().calls, plugin.stats().errors], [2, 0])
  })

  it('types what is thrown, and the next call works', async () => {
    await using host = onEsm()
    const plugin = await host.plug(
      'adder',
      source("export function add(a, b) { if (b === 0) throw new RangeError('no zero'); return a + b }"),
      adder,
    )
    const error = failure('GUEST_THREW', () => plugin.hooks.add(1, 0))
    assert.equal(error.details.plugin, 'adder')
    assert.equal(error.details.hook, 'add')
    assert.equal(error.details.guest?.message, 'no zero')
    assert(error.cause instanceof RangeError)
    assert.equal(plugin.hooks.add(1, 2), 3)
    assert.deepEqual([plugin.stats().calls, plugin.stats().errors], [2, 1])
    assert.equal(plugin.stats().lastError, error)
  })

  it('may be called from inside itself, to the depth of the stack', async () => {
    await using host = onEsm()
    const calls: { plugin?: Plugin<Adder> } = {}
    const again = 'mortise test again'
    Reflect.set(globalThis, again, (a: number, b: number): number | undefined => calls.plugin?.hooks.add(a, b))
    const text = `export const add = (a, b) => a === 0 ? b : globalThis[${JSON.stringify(again)}](a - 1, b) + 1`
    const plugin = await host.plug('adder', source(text), adder)
    calls.plugin = plugin
    assert.equal(plugin.hooks.add(100, 1), 101)
    failure('GUEST_THREW', () => plugin.hooks.add(1e6, 1))
    assert.equal(plugin.hooks.add(100, 1), 101)
    Reflect.deleteProperty(globalThis, again)
  })

  it('times the call that was chosen, not one inside it', async () => {
    await using host = onEsm()
    const calls: { inner?: () => number } = {}
    const inside = 'mortise test inside'
    Reflect.set(globalThis, inside, () => calls.inner?.())
    const text = `
      export function add(a, b) {
        if (a === 0) return b
        globalThis[${JSON.stringify(inside)}]()
        const end = performance.now() + 5
        while (performance.now() < end);
        return a + b
      }`
    const plugin = await host.plug('adder', source(text), adder)
    calls.inner = () => plugin.hooks.add(0, 1)
    assert.equal(plugin.hooks.add(1, 2), 3)
    const { p50 = 0, calls: count } = plugin.stats()
    assert.equal(count, 2)
    assert(p50 >= 5e6, `${p50} ns`)
    Reflect.deleteProperty(globalThis, inside)
  })
})

describe('an asynchronous contract on esm', () => {
  it('takes a module whose functions return values or promises', async () => {
    await using host = onEsm()
    const plugin = await host.plug('adder', adds, slowAdder)
    assert.equal(await plugin.hooks.add(1, 2), 3)
    await plugin.swap(source('export const add = async (a, b) => a * b'))
    assert.equal(await plugin.hooks.add(3, 4), 12)
    await plugin.swap(source("export const add = async () => { throw new Error('later') }"))
    const error = await rejection('GUEST_THREW', plugin.hooks.add(1, 2))
    assert.equal(error.details.guest?.message, 'later')
  })
})
