// Runs in a worker thread: hosts the same plugin, and works on the calls that are shared.
import { parentPort, workerData } from 'node:worker_threads'
import type { SchedulerHooks } from '../../contracts/scheduler/hooks.ts'
import type { NodeSnapshot } from '../../contracts/scheduler/nodes.ts'
import { scheduler } from '../../contracts/scheduler/scheduler.ts'
import { Mortise } from '../../host.ts'
import type { Lease } from '../../pool/lease.ts'
import { wasm } from '../../wasm/wasm.ts'
import type { Order, Report, SharedCalls, Start } from './messages.ts'
import { Progress } from './progress.ts'
import { EncodedNodes } from './shared-nodes.ts'

interface Begun {
  readonly lease: Lease<SchedulerHooks>
  /** A call has failed: whoever began the attempt makes those that are left, and hears why. */
  failed: boolean
}

// oxlint-disable-next-line no-unsafe-type-assertion -- threads.ts starts it
const { name, bytes, scheduler: options, limits, index } = workerData as Start
const report = (said: Report): void => parentPort?.postMessage(said)
/** What a guest says in a call that only makes it know something was said by another one. */
let replaying = false

const host = new Mortise({
  runtimes: [wasm()],
  log: (line) => {
    if (!replaying) report({ log: line })
  },
})
const event = (said: Extract<Report, { readonly event: unknown }>['event']): void => {
  if (!replaying) report({ event: said })
}
// The one on the thread that asks has said it.
replaying = true
const plugin = await host.plug(name, bytes, scheduler({ ...options, handle: { event } }), {
  limits,
  leases: { most: 8000, time: Infinity },
})
replaying = false
const snapshots = new Map<number, NodeSnapshot>()
const attempts = new Map<number, Begun>()

async function obey(order: Order): Promise<void> {
  if ('snapshot' in order) snapshots.set(order.snapshot, new EncodedNodes(order.nodes))
  else if ('forget' in order) snapshots.delete(order.forget)
  else if ('begin' in order) {
    const nodes = snapshots.get(order.nodes)
    if (nodes === undefined) return
    attempts.set(order.begin, { lease: await plugin.lease({ pod: order.pod, nodes }), failed: false })
  } else if ('replay' in order) replay(attempts.get(order.replay), order.call)
  else if ('job' in order)
    report({ job: order.job, thread: index, reasons: work(attempts.get(order.attempt), order.calls) })
  else {
    const begun = attempts.get(order.end)
    attempts.delete(order.end)
    await begun?.lease.end()
  }
}

function replay(begun: Begun | undefined, call: Extract<Order, { readonly replay: number }>['call']): void {
  if (begun === undefined || begun.failed) return
  replaying = true
  try {
    if (call.hook === 'preFilter') begun.lease.hooks.preFilter()
    else begun.lease.hooks.preScore(call.nodes)
  } catch {
    begun.failed = true
  } finally {
    replaying = false
  }
}

function work(begun: Begun | undefined, { hook, nodes, shared }: SharedCalls): readonly (readonly [number, string])[] {
  const reasons: (readonly [number, string])[] = []
  if (begun === undefined || begun.failed) return reasons
  const { hooks } = begun.lease
  const progress = new Progress(shared, nodes.length, threadsOf(shared, nodes.length))
  try {
    for (let part = progress.take(index); part !== undefined; part = progress.take(index)) {
      for (let place = part[0]; place < part[1]; place++) {
        const node = nodes[place] ?? ''
        const { status, score } = hook === 'filter' ? { status: hooks.filter(node), score: 0 } : hooks.score(node)
        if (status.reason !== '') reasons.push([place, status.reason])
        progress.put(place, status.code, score)
      }
    }
  } catch {
    begun.failed = true
  }
  return reasons
}

/** The length says how many threads share it. */
const threadsOf = (shared: SharedArrayBuffer, count: number): number => shared.byteLength / 4 - 1 - 3 * count

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', (order: Order) => {
  last = last.then(() => obey(order)).catch(() => {})
})
report({ ready: true })
