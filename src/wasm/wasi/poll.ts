import { readClock } from './clock.ts'
import type { Descriptors } from './descriptors.ts'
import { errno } from './errno.ts'
import type { WasiHost } from './host.ts'
import { inMemory } from './memory.ts'

const subscriptionSize = 48
const eventSize = 32

/** As many as one call may wait for. There are three streams and four clocks; more would only make the host collect. */
const maxSubscriptions = 1024

const kind = { clock: 0, read: 1, write: 2 } as const
const absolute = 1
const hangup = 1

/** What a subscription comes to: how long until it is due, and the event that it then makes. */
interface Outcome {
  readonly wait: bigint
  readonly kind: number
  readonly error: number
  readonly bytes: bigint
  readonly flags: number
}

/**
 * `poll_oneoff`: waits for the first of some clocks and streams, which is how guests sleep.
 *
 * Streams never make it wait: standard input has all its bytes or is at its end, and the others always take bytes. Who waits sleeps on the
 * host's terms: {@link WasiHost.sleep} throws where the guest asks for more than it may.
 */
export function poll(host: WasiHost, descriptors: Descriptors): Record<'poll_oneoff', (...args: never[]) => number> {
  return {
    poll_oneoff(subscriptions: number, events: number, count: number, result: number): number {
      const total = count >>> 0
      if (total === 0 || total > maxSubscriptions) return errno.inval
      if (!inMemory(host, subscriptions, total * subscriptionSize)) return errno.fault
      if (!inMemory(host, events, total * eventSize) || !inMemory(host, result, 4)) return errno.fault

      // All outcomes are taken from one reading of the clocks and before anything is written, so a guest whose events
      // overlap its subscriptions gets the events of the subscriptions that it passed.
      const clocks = [readClock(host, 0) ?? 0n, readClock(host, 1) ?? 0n]
      const due: { readonly user: bigint; readonly outcome: Outcome }[] = []
      let wait: bigint | undefined
      for (let index = 0; index < total; index++) {
        const at = (subscriptions >>> 0) + index * subscriptionSize
        const outcome = settle(host, at, descriptors, clocks)
        if (outcome === undefined) return errno.inval
        if (wait !== undefined && outcome.wait > wait) continue
        // A new earliest one: what was collected for a later time is not due when this one is.
        if (wait !== undefined && outcome.wait < wait) due.length = 0
        wait = outcome.wait
        due.push({ user: host.view().getBigUint64(at, true), outcome })
      }
      if (wait !== undefined && wait > 0n) host.sleep(Number(wait) / 1e6)

      let at = events >>> 0
      for (const { user, outcome } of due) {
        writeEvent(host, at, user, outcome)
        at += eventSize
      }
      host.view().setUint32(result >>> 0, due.length, true)
      return errno.success
    },
  }
}

/** @returns `undefined` for a subscription to something that does not exist */
function settle(host: WasiHost, at: number, descriptors: Descriptors, clocks: readonly bigint[]): Outcome | undefined {
  const view = host.view()
  const tag = view.getUint8(at + 8)
  const event = { wait: 0n, kind: tag, error: errno.success, bytes: 0n, flags: 0 }
  const subject = view.getUint32(at + 16, true)
  switch (tag) {
    case kind.clock: {
      const flags = view.getUint16(at + 40, true)
      if (subject > 3 || (flags & ~absolute) !== 0) return { ...event, error: errno.inval }
      const timeout = view.getBigUint64(at + 24, true)
      if ((flags & absolute) === 0) return { ...event, wait: timeout }
      const now = clocks[Math.min(subject, 1)] ?? 0n
      return { ...event, wait: timeout > now ? timeout - now : 0n }
    }
    case kind.read:
      if (descriptors.stream(subject) !== 'stdin') return { ...event, error: errno.badf }
      return host.left === 0 ? { ...event, flags: hangup } : { ...event, bytes: BigInt(host.left) }
    case kind.write: {
      const stream = descriptors.stream(subject)
      if (stream === undefined || stream === 'stdin') return { ...event, error: errno.badf }
      return { ...event, bytes: 65_536n }
    }
    default:
      return undefined
  }
}

function writeEvent(host: WasiHost, at: number, user: bigint, outcome: Outcome): void {
  host.bytes().fill(0, at, at + eventSize)
  const view = host.view()
  view.setBigUint64(at, user, true)
  view.setUint16(at + 8, outcome.error, true)
  view.setUint8(at + 10, outcome.kind)
  view.setBigUint64(at + 16, outcome.bytes, true)
  view.setUint16(at + 24, outcome.flags, true)
}
