import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { wasi } from '../../src/wasm/wasi/wasi.ts'
import { FakeWasiHost } from './fake-wasi-host.ts'
import { call } from './imports.ts'

const second = 1_000_000_000n

type Subscription =
  | { readonly clock: number; readonly timeout: bigint; readonly flags?: number }
  | { readonly read: number }
  | { readonly write: number }

interface Event {
  readonly user: bigint
  readonly error: number
  readonly kind: number
  readonly flags: number
}

const [subscriptionsAt, eventsAt, countAt] = [0, 8192, 16_384]

/** Subscribes with the user data 100, 101, … and returns what came back. */
function poll(
  subscriptions: readonly Subscription[],
  host: FakeWasiHost = new FakeWasiHost(),
): { host: FakeWasiHost; errno: unknown; events: Event[] } {
  for (const [index, subscription] of subscriptions.entries()) {
    const at = subscriptionsAt + index * 48
    const view = host.view()
    view.setBigUint64(at, BigInt(100 + index), true)
    if ('clock' in subscription) {
      view.setUint32(at + 16, subscription.clock, true)
      view.setBigUint64(at + 24, subscription.timeout, true)
      view.setUint16(at + 40, subscription.flags ?? 0, true)
    } else {
      view.setUint8(at + 8, 'read' in subscription ? 1 : 2)
      view.setUint32(at + 16, 'read' in subscription ? subscription.read : subscription.write, true)
    }
  }
  const errno = call(wasi(host), 'poll_oneoff', [subscriptionsAt, eventsAt, subscriptions.length, countAt])
  const events = Array.from({ length: host.u32(countAt) }, (_, index) => {
    const at = eventsAt + index * 32
    const view = host.view()
    return {
      user: host.u64(at),
      error: view.getUint16(at + 8, true),
      kind: view.getUint8(at + 10),
      flags: view.getUint16(at + 24, true),
    }
  })
  return { host, errno, events }
}

describe('poll_oneoff', () => {
  test('says how much of standard input is left, and that it hung up at its end', () => {
    const host = new FakeWasiHost()
    host.input = new Uint8Array(5)
    const { events } = poll([{ read: 0 }], host)
    assert.deepEqual(events, [{ user: 100n, error: 0, kind: 1, flags: 0 }])
    assert.equal(host.u64(eventsAt + 16), 5n)
    assert.deepEqual(poll([{ read: 0 }]).events, [{ user: 100n, error: 0, kind: 1, flags: 1 }])
  })

  test('sleeps for a relative time, in milliseconds', () => {
    const { host, events, errno } = poll([{ clock: 1, timeout: 1_500_000n }])
    assert.equal(errno, 0)
    assert.deepEqual(host.slept, [1.5])
    assert.deepEqual(events, [{ user: 100n, error: 0, kind: 0, flags: 0 }])
  })

  test('sleeps until an absolute time of the clock that was named', () => {
    assert.deepEqual(poll([{ clock: 0, timeout: 3n * second, flags: 1 }]).host.slept, [2000])
    assert.deepEqual(poll([{ clock: 1, timeout: 3n * second, flags: 1 }]).host.slept, [1000])
    assert.deepEqual(poll([{ clock: 3, timeout: 3n * second, flags: 1 }]).host.slept, [1000])
  })

  test('does not sleep for a time that has passed', () => {
    const { host, events } = poll([{ clock: 0, timeout: 1n, flags: 1 }])
    assert.deepEqual(host.slept, [])
    assert.equal(events.length, 1)
  })

  test('wakes for the earliest, and reports all that are due then', () => {
    const { host, events } = poll([
      { clock: 1, timeout: 5n * second },
      { clock: 1, timeout: 2n * second },
      { clock: 0, timeout: 3n * second, flags: 1 },
    ])
    assert.deepEqual(host.slept, [2000])
    assert.deepEqual(
      events.map(({ user }) => user),
      [101n, 102n],
    )
  })

  test('streams answer at once, so a clock beside them is not waited for', () => {
    const { host, events } = poll([{ clock: 1, timeout: 5n * second }, { read: 0 }, { write: 1 }, { write: 2 }])
    assert.deepEqual(host.slept, [])
    assert.deepEqual(events, [
      { user: 101n, error: 0, kind: 1, flags: 1 },
      { user: 102n, error: 0, kind: 2, flags: 0 },
      { user: 103n, error: 0, kind: 2, flags: 0 },
    ])
  })

  test('a wrong descriptor, clock or flag is an event with its error', () => {
    const { events } = poll([
      { read: 1 },
      { write: 0 },
      { read: 3 },
      { write: 0xffff_ffff },
      { clock: 4, timeout: 0n },
      { clock: 1, timeout: 0n, flags: 2 },
    ])
    assert.deepEqual(
      events.map(({ error }) => error),
      [8, 8, 8, 8, 28, 28],
    )
  })

  test('a guest that sleeps for ever is stopped by what the host throws', () => {
    const host = new FakeWasiHost()
    const limit = new Error('sleep limit')
    const asked: number[] = []
    host.sleep = (milliseconds) => {
      asked.push(milliseconds)
      throw limit
    }
    host.view().setBigUint64(24, 2n ** 64n - 1n, true)
    assert.throws(
      () => call(wasi(host), 'poll_oneoff', [0, eventsAt, 1, countAt]),
      (thrown) => thrown === limit,
    )
    assert.deepEqual(asked, [18_446_744_073_709.55])
  })
})
