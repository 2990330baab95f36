import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Mortise, type PlugOptions, type Source } from 'mortise'
import { action } from 'mortise/action'
import { esm } from 'mortise/esm'
import { wasm } from 'mortise/wasm'
import { actionWat, failure, rejection, stringData, wat } from './support/wat.ts'

/** A guest that counts its calls, and traps in the seventh. */
const counter = (name: string): Uint8Array<ArrayBuffer> => {
  const text = `{"${name}":0}`
  const digit = 516 + 2 * (text.length - 2)
  return wat(
    actionWat(
      `(global.set $count (i32.add (global.get $count) (i32.const 1)))
       (if (i32.eq (global.get $count) (i32.const 7)) (then unreachable))
       (i32.store16 (i32.const ${digit}) (i32.add (global.get $count) (i32.const 48)))
       (i32.const 516)`,
      `(global $count (mut i32) (i32.const 0)) ${stringData(516, text)}`,
    ),
  )
}
const [a, b] = [counter('a'), counter('b')]

interface Plugged extends AsyncDisposable {
  readonly host: Mortise<'wasm'>
  readonly plugin: Awaited<ReturnType<typeof plug>>
}

const plug = (host: Mortise<'wasm'>, source: Source, options: PlugOptions<'wasm'>) =>
  host.plug('one', source, action, options)

async function plugged(source: Source, options: PlugOptions<'wasm'> = {}): Promise<Plugged> {
  const host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
  return { host, plugin: await plug(host, source, options), [Symbol.asyncDispose]: () => host.close() }
}

/** Resolves once the event loop has come round, with whether something has settled by then. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  const mark = (): void => void (done = true)
  promise.then(mark, mark)
  await turn()
  return done
}

describe('a lease', () => {
  for (const restore of ['on-error', 'when-full', 'every-lease'] as const) {
    it(`keeps what its calls leave to one another, under '${restore}'`, async () => {
      await using all = await plugged(a, { limits: { restore } })
      const { plugin } = all
      {
        await using lease = await plugin.lease()
        assert.deepEqual([lease.hooks.main({}), lease.hooks.main({})], [{ a: 1 }, { a: 2 }])
        assert.deepEqual(plugin.hooks.main({}), { a: 1 }, 'other calls have another instance')
        assert.deepEqual(lease.hooks.main({}), { a: 3 })
      }
      await using next = await plugin.lease()
      const again = next.hooks.main({})
      if (restore === 'every-lease') assert.deepEqual(again, { a: 1 })
      assert.equal(plugin.stats().hooks['main']?.calls, 5)
    })
  }

  it('has an instance of its own, which the next one takes', async () => {
    await using all = await plugged(a)
    const { plugin } = all
    const [one, other] = [await plugin.lease(), await plugin.lease()]
    assert.deepEqual([one.hooks.main({}), one.hooks.main({}), other.hooks.main({})], [{ a: 1 }, { a: 2 }, { a: 1 }])
    await one.end()
    await other.end()
    for (let turns = 0; turns < 5; turns++) await (await plugin.lease()).end()
    const { instances, starts, calls } = plugin.stats()
    assert.deepEqual({ instances, starts, calls }, { instances: 2, starts: 2, calls: 3 })
  })

  it('refuses every call after a failed one, and what it had is gone', async () => {
    await using all = await plugged(a)
    const { plugin } = all
    const lease = await plugin.lease()
    const { main } = lease.hooks
    for (let calls = 0; calls < 6; calls++) main({})
    const trap = failure('TRAP_UNREACHABLE', () => main({}))
    const refused = failure('LEASE_FAILED', () => main({}))
    assert.equal(refused.cause, trap)
    assert.match(refused.message, /lease.* a call before failed.*unreachable.* Begin another lease/)
    await using next = await plugin.lease()
    assert.deepEqual(next.hooks.main({}), { a: 1 })
    failure('LEASE_FAILED', () => main({}))
    await lease.end()
    assert.deepEqual(next.hooks.main({}), { a: 2 }, 'ending the failed one again lets go of nothing')
    assert.equal(plugin.stats().instances, 1)
  })

  it('goes on where only an argument was refused', async () => {
    await using all = await plugged(a)
    await using lease = await all.plugin.lease()
    lease.hooks.main({})
    // @ts-expect-error -- no event
    failure('EVENT_INVALID', () => lease.hooks.main(1n))
  })

  it('is over when it was ended', async () => {
    await using all = await plugged(a)
    const lease = await all.plugin.lease()
    lease.hooks.main({})
    await lease.end()
    await lease.end()
    assert.match(failure('LEASE_ENDED', () => lease.hooks.main({})).message, /it was ended$/)
  })

  it('is ended when it was forgotten', async () => {
    await using all = await plugged(a, { leases: { most: 1, time: '30 ms' } })
    const { plugin } = all
    const forgotten = await plugin.lease()
    await using next = await plugin.lease()
    assert.deepEqual(next.hooks.main({}), { a: 1 })
    assert.match(failure('LEASE_ENDED', () => forgotten.hooks.main({})).message, /open for longer than 30 ms/)
  })

  it('waits its turn where as many are open as may be, and is refused where too many wait', async () => {
    await using all = await plugged(a, { leases: { most: 1, queue: 1 } })
    const { plugin } = all
    const first = await plugin.lease()
    const second = plugin.lease()
    assert.equal(await settled(second), false)
    const { details } = await rejection('QUEUE_FULL', plugin.lease())
    assert.equal(details.limit, 1)
    first.hooks.main({})
    await first.end()
    await using lease = await second
    assert.equal(plugin.stats().starts, 1)
    assert.deepEqual(lease.hooks.main({}), { a: 2 })
  })

  it('ends on the version that it began on, which goes when it does', async () => {
    await using all = await plugged(a)
    const { plugin } = all
    const lease = await plugin.lease()
    lease.hooks.main({})
    await plugin.swap(b)
    assert.deepEqual([lease.hooks.main({}), plugin.hooks.main({})], [{ a: 2 }, { b: 1 }])
    assert.equal(plugin.stats().instances, 2)
    await using next = await plugin.lease()
    assert.deepEqual(next.hooks.main({}), { b: 2 })
    await lease.end()
    await turn()
    assert.equal(plugin.stats().instances, 1)
    assert.equal(plugin.stats().calls, 4)
  })

  it('is cut where it outlasts what its version may', async () => {
    await using all = await plugged(a, { drain: '20 ms', leases: { most: 1 } })
    const { plugin } = all
    const lease = await plugin.lease()
    const waiting = plugin.lease()
    await plugin.swap(b)
    await using next = await waiting
    assert.deepEqual(next.hooks.main({}), { b: 1 }, 'who waits gets the version that is live')
    while (plugin.stats().instances > 1) await turn()
    failure('VERSION_RETIRED', () => lease.hooks.main({}))
  })

  it('fails when the plugin is unplugged, and so does who waits', async () => {
    await using all = await plugged(a, { leases: { most: 1 } })
    const { plugin } = all
    const lease = await plugin.lease()
    const waiting = rejection('PLUGIN_UNPLUGGED', plugin.lease())
    await plugin.unplug()
    failure('PLUGIN_UNPLUGGED', () => lease.hooks.main({}))
    await waiting
    await rejection('PLUGIN_UNPLUGGED', plugin.lease())
  })

  it('of an ES module is a copy of it, which takes its time to end', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const source = Buffer.from(`let count = 0
      export const main = async ({ fail, wait }) => {
        if (fail) throw new Error('no')
        if (wait) await new Promise((resolve) => setImmediate(resolve))
        return { count: ++count }
      }`)
    const plugin = await host.plug('one', source, action)
    const lease = await plugin.lease()
    const other = await plugin.lease()
    assert.deepEqual(await lease.hooks.main({}), { count: 1 })
    assert.deepEqual(await other.hooks.main({}), { count: 1 })
    assert.deepEqual(await plugin.hooks.main({}), { count: 1 })
    const late = lease.hooks.main({ wait: true })
    await lease.end()
    assert.deepEqual(await late, { count: 2 })
    await rejection('GUEST_THREW', other.hooks.main({ fail: true }))
    await rejection('LEASE_FAILED', other.hooks.main({}))
    assert.equal(plugin.stats().instances, 1)
  })

  it('takes only options that exist', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    for (const leases of [{ most: 0 }, { most: 8001 }, { queue: -1 }, { time: '25 days' }])
      await rejection('OPTION_INVALID', host.plug('one', a, action, { leases }))
    // @ts-expect-error -- there is no such option
    await rejection('OPTION_UNKNOWN', host.plug('one', a, action, { leases: { least: 1 } }))
  })
})
