import type { NodeSnapshot } from '../../contracts/scheduler/nodes.ts'
import type { Order, Replay, SharedCalls } from './messages.ts'
import { Progress } from './progress.ts'
import { shareNodes } from './shared-nodes.ts'
import type { Thread } from './thread.ts'

/** Snapshots that threads know: attempts at the one before may be under way when the next one comes. */
const mostSnapshots = 2

/** Calls that several threads make, and what came of them so far. */
export interface Shared {
  readonly progress: Progress
  /** Waits for the threads that took part. @returns the reasons, by the place of the node */
  readonly finish: () => Promise<ReadonlyMap<number, string>>
}

/** The threads of one plugin, and what they know. */
export class Crew {
  readonly #threads: readonly Thread[]
  readonly #snapshots = new Map<NodeSnapshot, number>()
  #last = 0

  constructor(threads: readonly Thread[]) {
    this.#threads = threads
  }

  /** Begins an attempt on all threads. @returns its number */
  begin(pod: Extract<Order, { readonly begin: number }>['pod'], snapshot: NodeSnapshot): number {
    const nodes = this.#snapshots.get(snapshot) ?? this.#send(snapshot)
    const begin = ++this.#last
    this.#tell({ begin, pod, nodes })
    return begin
  }

  replay(attempt: number, call: Replay): void {
    this.#tell({ replay: attempt, call })
  }

  end(attempt: number): void {
    this.#tell({ end: attempt })
  }

  /** Has all threads take part in calls about nodes. */
  share(attempt: number, hook: SharedCalls['hook'], nodes: readonly string[]): Shared {
    const job = ++this.#last
    const shared = Progress.share(nodes.length, this.#threads.length)
    const told = this.#threads.map((thread) => ({ thread, reasons: thread.job(job) }))
    this.#tell({ job, attempt, calls: { hook, nodes, shared } })
    const progress = new Progress(shared, nodes.length, this.#threads.length)
    return {
      progress,
      async finish() {
        const all = told.filter(({ thread }) => progress.tookPart(thread.index)).map(({ reasons }) => reasons)
        return new Map((await Promise.all(all)).flat())
      },
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }

  #send(snapshot: NodeSnapshot): number {
    const number = ++this.#last
    this.#tell({ snapshot: number, nodes: shareNodes(snapshot) })
    this.#snapshots.set(snapshot, number)
    if (this.#snapshots.size > mostSnapshots) {
      for (const [oldest, forget] of this.#snapshots) {
        this.#snapshots.delete(oldest)
        this.#tell({ forget })
        break
      }
    }
    return number
  }

  #tell(order: Order): void {
    for (const thread of this.#threads) if (thread.alive) thread.tell(order)
  }
}
