import type { SchedulerHook } from '../../contracts/scheduler/hooks.ts'
import { NodeSnapshot } from '../../contracts/scheduler/nodes.ts'
import { MortiseError } from '../../errors.ts'
import type { Scored } from '../../scheduling/scoring.ts'
import type { Attempts, OpenAttempt } from './attempts.ts'
import type { Binder } from './binder.ts'
import type { ClusterNodes } from './nodes.ts'
import { RequestNodes } from './nodes.ts'
import { NodeTexts } from './node-texts.ts'
import type { Plugins } from './plugins.ts'
import { type ExtenderArgs, readArgs, readBinding, readPreemption, type SentPod, type Victims } from './protocol.ts'
import { type Answer, errorResult, filterResult, preemptionResult, priorities, reasonOf } from './results.ts'

/** What {@link Verbs} work with. */
export interface VerbParts {
  readonly plugins: Plugins
  readonly attempts: Attempts
  /** The nodes of the cluster, where it is followed. */
  readonly cluster: ClusterNodes | undefined
  /** Whoever binds a pod that no plugin binds, where there is one. */
  readonly binder: Binder | undefined
  /** Told what an answer cannot say. */
  warn(facts: object, text: string): void
}

/** The verbs of an extender, by the last part of their paths. */
export const verbs = ['filter', 'prioritize', 'bind', 'preempt'] as const

/** The name of a verb. */
export type Verb = (typeof verbs)[number]

const preemption: readonly SchedulerHook[] = ['postFilter']
const scoring: readonly SchedulerHook[] = ['preScore', 'score', 'normalizeScore']
const binding: readonly SchedulerHook[] = ['preBind', 'bind', 'postBind']
const noScores: Scored = { plugins: [], totals: new Map() }

/** What kube-scheduler asks of an extender, each a body and an answer. */
export class Verbs {
  readonly #parts: VerbParts
  readonly #texts = new NodeTexts()
  readonly #sent = new RequestNodes()

  constructor(parts: VerbParts) {
    this.#parts = parts
  }

  /** PreFilter and filter. Begins the attempt of the pod. */
  async filter(body: Buffer): Promise<Answer> {
    const args = readArgs(body, this.#texts)
    const nodes = this.#nodes(args)
    const attempt = await this.#begin(args, nodes)
    const known = args.sent === undefined ? args.names.filter((name) => nodes.get(name) !== undefined) : args.names
    const unknown = known.length === args.names.length ? [] : args.names.filter((name) => nodes.get(name) === undefined)
    attempt.filtered = await this.#take(args.uid, attempt, (scheduling) => scheduling.filter(known))
    const { filtered } = attempt
    await this.#endBefore(args.uid, attempt, filtered.feasible.length === 0 ? preemption : [...scoring, ...binding])
    return filterResult(args, filtered, unknown)
  }

  /** PreScore, score and normalizeScore. */
  async prioritize(body: Buffer): Promise<Answer> {
    const args = readArgs(body, this.#texts)
    const { attempts, plugins } = this.#parts
    if (attempts.get(args.uid) === undefined && !plugins.takePart(...scoring)) return priorities(args.names, noScores)
    const attempt = await this.#resume(args, () => this.#nodes(args))
    const scored = await this.#take(args.uid, attempt, (scheduling) => scheduling.score(args.names))
    await this.#endBefore(args.uid, attempt, binding)
    return priorities(args.names, scored)
  }

  /** PreBind, bind and postBind, with a binding by the API server where no plugin binds. Ends the attempt. */
  async bind(body: Buffer): Promise<Answer> {
    const args = readBinding(body)
    const { plugins, attempts, binder } = this.#parts
    const attempt = attempts.get(args.uid)
    if (attempt === undefined && plugins.takePart(...binding)) {
      const pod = `${args.namespace}/${args.name}`
      const why = 'it had no filter, was too long ago, or had to make room for others'
      throw new MortiseError(
        'ATTEMPT_ABSENT',
        `Cannot bind the pod '${pod}': its attempt is not under way, since ${why}`,
      )
    }
    try {
      const byServer = (): Promise<void> => {
        if (binder !== undefined) return binder.bind(args)
        const why =
          "no plugin binds pods, and there is no API server to ask. Give a cluster, or the scheduler's own binding"
        throw new MortiseError('OPTION_INVALID', `Cannot bind the pod '${args.namespace}/${args.name}': ${why}`)
      }
      if (attempt === undefined) await byServer()
      const refusal = await attempt?.take((scheduling) => scheduling.bind(args.node, byServer))
      return errorResult(refusal === undefined ? '' : reasonOf(refusal))
    } finally {
      await attempts.end(args.uid, attempt)
    }
  }

  /** PostFilter, which may choose one of the nodes that preemption would help on. Ends the attempt. */
  async preempt(body: Buffer): Promise<Answer> {
    const args = readPreemption(body)
    const { attempts, cluster, plugins } = this.#parts
    if (attempts.get(args.uid) === undefined && !plugins.takePart(...preemption)) return preemptionResult(args.victims)
    const attempt = await this.#resume(args, () => cluster?.snapshot() ?? new NodeSnapshot([]))
    try {
      const { node } = await attempt.take(async (scheduling) => scheduling.postFilter(attempt.filtered))
      return preemptionResult(this.#chosen(node, args.victims, args.uid))
    } finally {
      await attempts.end(args.uid, attempt)
    }
  }

  #chosen(node: string | undefined, victims: ReadonlyMap<string, Victims>, uid: string): ReadonlyMap<string, Victims> {
    if (node === undefined) return victims
    const of = victims.get(node)
    if (of !== undefined) return new Map([[node, of]])
    if (node === '') return new Map()
    this.#parts.warn(
      { uid, node },
      'A plugin nominated a node on which preemption would not help: all are left as they were',
    )
    return victims
  }

  #nodes(args: ExtenderArgs): NodeSnapshot {
    if (args.sent !== undefined) return this.#sent.snapshot(args.sent.nodes)
    const { cluster } = this.#parts
    if (cluster !== undefined) return cluster.snapshot()
    const how = "give a kubeconfig or the service account, or set 'nodeCacheCapable: false' for the extender"
    throw new MortiseError('REQUEST_INVALID', `Cannot look at nodes by their names: no cluster is followed. So ${how}`)
  }

  #begin({ uid, pod }: SentPod, nodes: NodeSnapshot): Promise<OpenAttempt> {
    const { attempts, plugins } = this.#parts
    return attempts.begin(uid, plugins.profile, pod, nodes)
  }

  /** The attempt of a pod; where none is under way, one that has seen no nodes. */
  async #resume(args: SentPod, nodes: () => NodeSnapshot): Promise<OpenAttempt> {
    const open = this.#parts.attempts.get(args.uid)
    if (open !== undefined) return open
    const attempt = await this.#begin(args, nodes())
    attempt.filtered = await this.#take(args.uid, attempt, (scheduling) => scheduling.filter([]))
    return attempt
  }

  /** Ends an attempt whose plugins have nothing to do with what may follow: many pods wait long for it, or it never comes. */
  async #endBefore(uid: string, attempt: OpenAttempt, next: readonly SchedulerHook[]): Promise<void> {
    if (!attempt.scheduling.takesPart(...next)) await this.#parts.attempts.end(uid, attempt)
  }

  /** Takes a step; one that fails ends the attempt. */
  async #take<R>(uid: string, attempt: OpenAttempt, step: Parameters<typeof attempt.take<R>>[0]): Promise<R> {
    try {
      return await attempt.take(step)
    } catch (error) {
      await this.#parts.attempts.end(uid, attempt)
      throw error
    }
  }
}
