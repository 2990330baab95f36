import { field, textOf } from '../contracts/scheduler/fields.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { isObject } from '../contracts/scheduler/kubernetes/values.ts'
import { statusCode } from '../contracts/scheduler/status.ts'
import { checkKeys, checkOption } from '../options.ts'
import { SchedulingAttempt } from './attempt.ts'
import { byPriority, type Cluster } from './cluster.ts'
import { Cycle } from './cycle.ts'
import { SimulationHandle } from './handle.ts'
import type { HookCall } from './member.ts'
import { uidOf } from './objects.ts'
import type { Outcome } from './outcome.ts'
import { parseProfile, type Profile, type ProfileEntry } from './profile.ts'
import { randomOf } from './selection.ts'
import { Times } from './times.ts'

/** Options of a simulation. */
export interface SimulationOptions {
  /** Which of several nodes with the highest total is drawn: a whole number, default 1. Equal seeds give equal results. */
  readonly seed?: number
  /**
   * What becomes of a pod that plugins have wait: `timeout` rejects it once all other pods have had their turn, as the time of the
   * simulation does not pass; `allow` binds it at once. Default `timeout`: no plugin of this contract can allow a pod.
   */
  readonly permit?: 'timeout' | 'allow'
  /**
   * How many pods may wait at once, each with a lease of every plugin: 1 or more, default 60. Of more, the one with the shortest wait is
   * rejected as if its time were over. Plugins need an option `leases.most` that is larger.
   */
  readonly waiting?: number
  /** What the plugins were given when they were plugged in: pods wait in it, and their events go to the outcomes. */
  readonly handle?: SimulationHandle
  /** Is told of every call of a hook. */
  readonly observe?: (call: HookCall, pod: KubernetesObject) => void
}

/**
 * Schedules pods as kube-scheduler would with some plugins: each pod through all extension points, and each that finds a node counts
 * for the next one. Nothing is bound anywhere.
 *
 * All nodes are looked at, however many there are. Of the plugins that kube-scheduler has by itself there is none: see {@link fit}.
 *
 * @example
 * ```ts
 * import { builtIn, Cluster, Simulation } from 'mortise/scheduling'
 *
 * const cluster = new Cluster(['a', 'b'].map((name) => ({ kind: 'Node', metadata: { name } })))
 * const last = builtIn('last', ['score'], () => ({
 *   score: (node) => ({ status: { code: 0, reason: '' }, score: node === 'b' ? 100 : 0 }),
 * }))
 * const simulation = new Simulation(cluster, [{ plugin: last, weight: 2 }])
 * const [outcome] = await simulation.run([{ metadata: { name: 'web-0' } }])
 * console.log(outcome?.node, outcome?.scored?.totals)
 * ```
 */
export class Simulation {
  readonly #cluster: Cluster
  readonly #profile: Profile
  readonly #handle: SimulationHandle
  readonly #most: number
  readonly #permit: 'timeout' | 'allow'
  readonly #observe: SimulationOptions['observe']
  readonly #random: () => number
  #pods = 0

  /**
   * @param cluster - what there is; it changes as pods find their nodes
   * @param plugins - in the order in which they are called
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(cluster: Cluster, plugins: readonly ProfileEntry[], options: SimulationOptions = {}) {
    checkKeys(options, ['seed', 'permit', 'waiting', 'handle', 'observe'], 'a simulation')
    const { seed = 1, permit = 'timeout', waiting = 60, handle = new SimulationHandle(), observe } = options
    checkOption('seed', seed, Number.isSafeInteger(seed), 'a whole number')
    checkOption('permit', permit, permit === 'timeout' || permit === 'allow', "'timeout' or 'allow'")
    checkOption('waiting', waiting, Number.isSafeInteger(waiting) && waiting >= 1, 'a whole number from 1')
    this.#cluster = cluster
    this.#most = waiting
    this.#profile = parseProfile(plugins)
    this.#random = randomOf(seed)
    this.#permit = permit
    this.#handle = handle
    this.#observe = observe
  }

  /**
   * Schedules pods, those with a higher priority first.
   *
   * @param pods - as JSON has them; one without a namespace is in `default`, and one without a UID gets one
   * @returns how it went with each, in the order in which they had their turn
   * @throws MortiseError `INPUT_INVALID` for an object that is no pod or node; what leasing a plugin throws
   */
  async run(pods: readonly KubernetesObject[]): Promise<readonly Outcome[]> {
    const turns: Turn[] = []
    for (const pod of pods) this.#cluster.nominate(pod, textOf(field(pod, 'status', 'nominatedNodeName')))
    const waiting = new Set<Turn>()
    try {
      for (const pod of byPriority(pods)) {
        const turn = await this.#turn(this.#identified(pod))
        turns.push(turn)
        await this.#scheduleTurn(turn, waiting)
        for (const other of waiting) if (this.#handle.isRejected(other.cycle.pod)) await this.#leave(other, waiting)
        await this.#leaveBut(this.#most, waiting)
      }
      await this.#leaveBut(0, waiting)
    } finally {
      for (const turn of waiting) await turn.cycle.close()
    }
    return turns.map(({ cycle, times, events }) => cycle.outcome(events, times.all()))
  }

  async #turn(pod: KubernetesObject): Promise<Turn> {
    const times = new Times()
    const attempt = await SchedulingAttempt.begin(this.#profile, { pod, nodes: this.#cluster.nodes }, (call) => {
      times.add(call)
      this.#observe?.(call, pod)
    })
    return { cycle: new Cycle(pod, attempt, this.#cluster), times, events: [] }
  }

  async #scheduleTurn(turn: Turn, waiting: Set<Turn>): Promise<void> {
    const { cycle } = turn
    try {
      await cycle.schedule(this.#random)
      if (!cycle.over && cycle.waits.length > 0 && this.#permit === 'timeout') {
        this.#handle.add(cycle.pod)
        waiting.add(turn)
      } else if (!cycle.over) await cycle.bind()
    } finally {
      turn.events = [...turn.events, ...this.#handle.takeEvents()]
      if (!waiting.has(turn)) await cycle.close()
    }
  }

  /** Time passes until no more than so many pods wait. */
  async #leaveBut(most: number, waiting: Set<Turn>): Promise<void> {
    const first = [...waiting].toSorted((one, other) => shortest(one) - shortest(other))
    for (const turn of first.slice(0, Math.max(0, waiting.size - most))) await this.#leave(turn, waiting)
  }

  /** A pod that waited is rejected: by a plugin, or because its time is over. */
  async #leave(turn: Turn, waiting: Set<Turn>): Promise<void> {
    const { cycle } = turn
    waiting.delete(turn)
    try {
      if (this.#handle.isRejected(cycle.pod))
        cycle.reject({ plugin: byPlugin, code: statusCode.unschedulable, reason: 'rejected while it waited' }, 'permit')
      else cycle.timeOut()
    } finally {
      this.#handle.remove(cycle.pod)
      turn.events = [...turn.events, ...this.#handle.takeEvents()]
      await cycle.close()
    }
  }

  /** Plugins and leases know a pod by its UID, and encoded pods have a namespace. */
  #identified(pod: KubernetesObject): KubernetesObject {
    const given = isObject(pod['metadata']) ? pod['metadata'] : {}
    const uid = uidOf(pod) || `simulated-${++this.#pods}`
    const namespace = given['namespace'] ?? 'default'
    return uid === given['uid'] && namespace === given['namespace']
      ? pod
      : { ...pod, metadata: { ...given, namespace, uid } }
  }
}

/** One pod's turn. */
interface Turn {
  readonly cycle: Cycle
  readonly times: Times
  events: Outcome['events']
}

/** The host is not told which plugin it was. */
const byPlugin = 'a plugin'

const shortest = ({ cycle }: Turn): number => Math.min(...cycle.waits.map(({ timeout }) => timeout))
