import assert from 'node:assert/strict'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, it } from 'node:test'
import { Mortise, MortiseError, type Plugin } from 'mortise'
import { action } from 'mortise/action'
import { esm } from 'mortise/esm'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { actionWat, rejection, stringData, wat } from './support/wat.ts'

/** A guest that counts its calls, in a text of its own. */
const counter = (name: string): Uint8Array<ArrayBuffer> => {
  const text = `{"${name}":0}`
  const digit = 516 + 2 * (text.length - 2)
  return wat(
    actionWat(
      `(global.set $count (i32.add (global.get $count) (i32.const 1)))
       (i32.store16 (i32.const ${digit}) (i32.add (global.get $count) (i32.const 48)))
       (i32.const 516)`,
      `(global $count (mut i32) (i32.const 0)) ${stringData(516, text)}`,
    ),
  )
}
const [a, b, c] = ['a', 'b', 'c'].map(counter)
const trap = wat(actionWat('unreachable'))
/** A module whose calls say that they wait, and wait until they hear `go`. */
const waiting = (name: string): Buffer =>
  Buffer.from(`import { channel, subscribe } from 'node:diagnostics_channel'
    export const main = async (event) => {
      if (event.wait) {
        const going = new Promise((resolve) => subscribe('go', resolve))
        channel('waits').publish('${name}')
        await going
      }
      return { is: '${name}' }
    }`)

/** Resolves once a call waits. */
function waits(): Promise<void> {
  return new Promise((resolve) => {
    const heard = (): void => {
      unsubscribe('waits', heard)
      resolve()
    }
    subscribe('waits', heard)
  })
}

describe('a rollback', () => {
  it('brings back what was live before, its guest as new, and back again', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action, { keep: 2 })
    const first = plugin.digest
    assert.deepEqual([plugin.hooks.main({}), plugin.hooks.main({})], [{ a: 1 }, { a: 2 }])
    const second = await plugin.swap(b ?? trap)
    assert.deepEqual(plugin.hooks.main({}), { b: 1 })
    assert.deepEqual(plugin.kept, [first])
    assert.equal(await plugin.rollback(), first)
    assert.deepEqual([plugin.digest, plugin.hooks.main({})], [first, { a: 1 }])
    assert.deepEqual(plugin.kept, [second])
    assert.equal(await plugin.rollback(), second)
    assert.deepEqual(plugin.hooks.main({}), { b: 1 })
  })

  it('goes to any version that is kept, and to no other', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action, { keep: 2 })
    const first = plugin.digest
    const second = await plugin.swap(b ?? trap)
    const third = await plugin.swap(c ?? trap)
    assert.deepEqual(plugin.kept, [second, first])
    await plugin.rollback(first)
    assert.deepEqual(plugin.kept, [third, second])
    await plugin.swap(trap)
    assert.deepEqual(plugin.kept, [first, third])
    const error = await rejection('VERSION_ABSENT', plugin.rollback(second))
    assert.match(error.message, new RegExp(`to ${second}: the versions that are kept are ${first.slice(0, 12)}, `))
    assert.deepEqual(plugin.kept, [first, third])
  })

  it('finds nothing where nothing is kept, which is so by default', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action)
    await plugin.swap(b ?? trap)
    const error = await rejection('VERSION_ABSENT', plugin.rollback())
    assert.match(error.message, /Raise 'keep'/)
    assert.deepEqual(plugin.hooks.main({}), { b: 1 })
  })

  it('knows a version once, however often it was live', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action, { keep: 5 })
    const first = plugin.digest
    for (let swap = 0; swap < 3; swap++) {
      await plugin.swap(b ?? trap)
      await plugin.swap(a ?? trap)
    }
    assert.equal(plugin.digest, first)
    assert.equal(plugin.kept.length, 1)
    await plugin.swap(a ?? trap)
    assert.equal(plugin.kept.length, 1)
  })

  it('comes in its turn among swaps', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action, { keep: 3 })
    const first = plugin.digest
    const changes = [plugin.swap(b ?? trap), plugin.rollback(), plugin.swap(c ?? trap), plugin.rollback(first)]
    assert.equal((await Promise.all(changes)).at(-1), first)
    assert.deepEqual(plugin.hooks.main({}), { a: 1 })
    await plugin.unplug()
    await rejection('PLUGIN_UNPLUGGED', plugin.rollback())
  })

  it('has a process started again, and leaves none behind', async () => {
    const living = new Set<number | undefined>()
    const started = childProcess({
      watch: ({ what, pid }) => void (what === 'started' ? living.add(pid) : what === 'ended' && living.delete(pid)),
    })
    await using host = new Mortise({ runtimes: [started] })
    const plugin = await host.plug('one', waiting('a'), action, { keep: 1 })
    await plugin.swap(waiting('b'))
    await plugin.rollback()
    assert.deepEqual(await plugin.hooks.main({}), { is: 'a' })
    await plugin.swap(waiting('c'))
    await plugin.unplug()
    assert.deepEqual([...living], [])
  })
})

describe('a smoke call', () => {
  it('sees the new version before it is live', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action)
    const seen: unknown[] = []
    await plugin.swap(b ?? trap, {
      smoke: (hooks) => {
        seen.push(hooks.main({}), plugin.hooks.main({}))
      },
    })
    assert.deepEqual(seen, [{ b: 1 }, { a: 1 }])
    assert.deepEqual(plugin.hooks.main({}), { b: 2 })
  })

  it('that fails leaves everything as it was', async () => {
    await using host = new Mortise({ runtimes: [wasm(), esm()] })
    const plugin: Plugin<{ main(event: object): unknown }> = await host.plug('one', a ?? trap, action, { keep: 1 })
    const { digest } = plugin
    const trapped = await rejection('SMOKE_FAILED', plugin.swap(trap, { smoke: (hooks) => hooks.main({}) }))
    assert(MortiseError.is(trapped.cause, 'TRAP_UNREACHABLE'))
    const throwing = Buffer.from("export const main = async () => { throw new Error('not today') }")
    const thrown = await rejection('SMOKE_FAILED', plugin.swap(throwing, { smoke: async (hooks) => hooks.main({}) }))
    assert.match(thrown.message, /not today.*What was live is live/)
    assert.deepEqual([plugin.digest, plugin.kept, plugin.stats().swaps], [digest, [], 0])
    assert.deepEqual(await plugin.hooks.main({}), { a: 1 })
  })

  it('is a function, and the only option of a swap', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('one', a ?? trap, action)
    // @ts-expect-error -- callers without a type checker write what they like
    assert.throws(() => plugin.swap(b, { smoke: 1 }), { code: 'OPTION_INVALID' })
    // @ts-expect-error -- the same
    assert.throws(() => plugin.swap(b, { warm: true }), { code: 'OPTION_UNKNOWN' })
  })
})

describe('calls under way on a version that was swapped out', () => {
  for (const runtime of [esm(), childProcess()] as const) {
    it(`end with VERSION_RETIRED after the time that they have: ${runtime.kind}`, async () => {
      await using host = new Mortise({ runtimes: [runtime] })
      const never = Buffer.from(
        "export const main = async (event) => event.wait ? new Promise(() => setInterval(() => {}, 1000).unref()) : { is: 'old' }",
      )
      const plugin = await host.plug('one', never, action, { drain: 20 })
      const stuck = rejection('VERSION_RETIRED', plugin.hooks.main({ wait: true }))
      await plugin.swap(waiting('new'))
      assert.deepEqual(await plugin.hooks.main({}), { is: 'new' })
      await stuck
    })
  }

  it('end as they would have, where they end in time', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug('one', waiting('old'), action)
    const called = waits()
    const call = plugin.hooks.main({ wait: true })
    await called
    await plugin.swap(waiting('new'))
    assert.deepEqual(await plugin.hooks.main({}), { is: 'new' })
    channel('go').publish(undefined)
    assert.deepEqual(await call, { is: 'old' })
  })

  it('end with VERSION_RETIRED when their plugin is unplugged and they take too long', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug('one', waiting('old'), action, { drain: 20 })
    const called = waits()
    const stuck = rejection('VERSION_RETIRED', plugin.hooks.main({ wait: true }))
    await called
    await plugin.unplug()
    await stuck
    channel('go').publish(undefined)
  })
})

describe('the options of versions', () => {
  it('are checked', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    for (const options of [{ keep: -1 }, { keep: 0.5 }, { keep: 101 }, { drain: -1 }, { drain: '1 fortnight' }])
      await rejection('OPTION_INVALID', host.plug('one', a ?? trap, action, options))
    await host.plug('one', a ?? trap, action, { keep: 100, drain: Infinity })
  })
})
