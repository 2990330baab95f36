import { type Source, readArtifact } from '../../artifact.ts'
import type { Attempt } from '../../contracts/scheduler/attempt.ts'
import type { SchedulerHooks, ScoreResult } from '../../contracts/scheduler/hooks.ts'
import { scheduler } from '../../contracts/scheduler/scheduler.ts'
import { type Status, success } from '../../contracts/scheduler/status.ts'
import type { SchedulerValues } from '../../contracts/scheduler/values.ts'
import { Mortise } from '../../host.ts'
import type { Lease } from '../../pool/lease.ts'
import { wasm } from '../../wasm/wasm.ts'
import type { SchedulerLease, SchedulerPlugin } from '../plugin.ts'
import { Crew } from './crew.ts'
import type { Replay, Report } from './messages.ts'
import { parseThreaded, type ThreadedOptions } from './options.ts'
import { Thread } from './thread.ts'

/** Calls whose time says how long the others will take. */
const sample = 8

/** A plugin of a profile that several threads call. Ending it ends them. */
export interface ThreadedPlugin extends SchedulerPlugin, AsyncDisposable {
  readonly values: SchedulerValues
}

/**
 * Plugs a scheduler plugin in on several threads: filters and scores of many nodes are shared out among them, each with an instance of
 * its own that has seen the same `preFilter` and `preScore`. What comes out is what one thread gives, as long as the guest decides by the
 * pod and the node alone and not by the nodes that it was asked about before.
 *
 * A call that fails on another thread is made again on this one, so that the attempt ends as it would have here.
 *
 * @param name - as of `plug`
 * @param source - a path, a `file:` URL, or the bytes
 * @param options - `scheduler` (the contract's, without waiting pods), `limits`, `log` (none), `threads` (one less than the machine runs at
 *   once), `worth` (1 ms)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, `THREAD_ENDED`, and what `plug` throws
 * @example
 * ```ts
 * import { parseProfile, Simulation } from 'mortise/scheduling'
 * import { threaded } from 'mortise/scheduling/threads'
 *
 * export async function spread(source: Uint8Array): Promise<void> {
 *   await using zones = await threaded('zone-spread', source, { threads: 4, worth: '2 ms' })
 *   const profile = parseProfile([{ plugin: zones, weight: 2 }])
 *   console.log(profile.length, Simulation.name)
 * }
 * ```
 */
export async function threaded(name: string, source: Source, options: ThreadedOptions = {}): Promise<ThreadedPlugin> {
  const { scheduler: contract, limits, log, threads, worth } = parseThreaded(name, options)
  const { bytes } = await readArtifact(source)
  const host = new Mortise({ runtimes: [wasm()], log })
  try {
    const plugin = await host.plug(name, bytes, scheduler(contract), { limits, leases: { time: Infinity } })
    const { handle, ...rest } = contract
    const said = (report: Report): void => {
      if ('log' in report) log(report.log)
      if ('event' in report) handle?.event?.(report.event)
    }
    const start = { name, bytes, scheduler: rest, limits }
    const crew = new Crew(
      await Promise.all(Array.from({ length: threads }, (_, index) => Thread.start({ ...start, index }, said))),
    )
    return {
      name,
      values: plugin.values,
      lease: async (attempt) => new ThreadedLease(await plugin.lease(attempt), attempt, crew, worth),
      async [Symbol.asyncDispose]() {
        await crew.close()
        await host.close()
      },
    }
  } catch (error) {
    await host.close()
    throw error
  }
}

type Result<H> = H extends 'filter' ? Status : ScoreResult

/** An attempt here, and on the other threads once they are needed. */
class ThreadedLease implements SchedulerLease {
  readonly hooks: SchedulerHooks
  readonly #lease: Lease<SchedulerHooks>
  readonly #attempt: Attempt
  readonly #crew: Crew
  readonly #worth: number
  /** What other threads have to call first, and how much of it they have. */
  readonly #replays: Replay[] = []
  #replayed = 0
  #number: number | undefined
  /** Something was called that other threads are not told of. */
  #alone = false

  constructor(lease: Lease<SchedulerHooks>, attempt: Attempt, crew: Crew, worth: number) {
    this.#lease = lease
    this.#attempt = attempt
    this.#crew = crew
    this.#worth = worth
    const { hooks } = lease
    this.hooks = {
      ...hooks,
      preFilter: () => {
        this.#replays.push({ hook: 'preFilter' })
        return hooks.preFilter()
      },
      preScore: (nodes) => {
        this.#replays.push({ hook: 'preScore', nodes })
        return hooks.preScore(nodes)
      },
      addPod: (pod, node) => {
        this.#alone = true
        return hooks.addPod(pod, node)
      },
      removePod: (pod, node) => {
        this.#alone = true
        return hooks.removePod(pod, node)
      },
    }
  }

  filterAll(nodes: readonly string[]): Promise<readonly Status[]> {
    const { hooks } = this.#lease
    return this.#all(
      'filter',
      nodes,
      (node) => hooks.filter(node),
      (status) => status,
    )
  }

  scoreAll(nodes: readonly string[]): Promise<readonly ScoreResult[]> {
    const { hooks } = this.#lease
    return this.#all(
      'score',
      nodes,
      (node) => hooks.score(node),
      (status, score) => ({ status, score }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#number !== undefined) this.#crew.end(this.#number)
    await this.#lease.end()
  }

  async #all<H extends 'filter' | 'score'>(
    hook: H,
    nodes: readonly string[],
    call: (node: string) => Result<H>,
    made: (status: Status, score: number) => Result<H>,
  ): Promise<readonly Result<H>[]> {
    const start = performance.now()
    const results = nodes.slice(0, sample).map(call)
    const rest = nodes.slice(sample)
    const expected = ((performance.now() - start) / sample) * rest.length
    if (this.#alone || expected < this.#worth) return [...results, ...rest.map(call)]
    const { progress, finish } = this.#crew.share(this.#begun(), hook, rest)
    const own = new Map<number, Result<H>>()
    for (let part = progress.take(undefined); part !== undefined; part = progress.take(undefined))
      for (let place = part[0]; place < part[1]; place++) own.set(place, call(rest[place] ?? ''))
    const reasons = await finish()
    const shared = rest.map((node, place) => {
      const mine = own.get(place)
      if (mine !== undefined) return mine
      if (!progress.isDone(place)) return call(node)
      const [code, reason] = [progress.codes[place] ?? 0, reasons.get(place) ?? '']
      return made(code === 0 && reason === '' ? success : { code, reason }, progress.scores[place] ?? 0)
    })
    return [...results, ...shared]
  }

  /** The other threads know of the attempt, and have called what was called here. */
  #begun(): number {
    const number = (this.#number ??= this.#crew.begin(this.#attempt.pod, this.#attempt.nodes))
    for (const call of this.#replays.slice(this.#replayed)) this.#crew.replay(number, call)
    this.#replayed = this.#replays.length
    return number
  }
}

export type { ThreadedOptions } from './options.ts'
