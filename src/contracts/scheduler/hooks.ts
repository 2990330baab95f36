import type { KubernetesObject } from './kubernetes/object.ts'
import type { Status } from './status.ts'
import type { ClusterEvent } from './events.ts'

/** What `preFilter` gives. */
export interface PreFilterResult {
  readonly status: Status
  /** The only nodes that the pod may go to; `undefined` where the plugin leaves that open. */
  readonly nodeNames: readonly string[] | undefined
}

/** What `postFilter` gives. */
export interface PostFilterResult {
  readonly status: Status
  /** The node that the pod is nominated to; may be empty. */
  readonly nominatedNode: string
  /** 0 leaves what was nominated before, 1 overrides it by `nominatedNode`. */
  readonly nominatingMode: number
}

/** What `score` gives. */
export interface ScoreResult {
  readonly status: Status
  /** As a rule 0 to 100; nothing holds a plugin to it. */
  readonly score: number
}

/** Scores by the names of nodes. */
export type Scores = Readonly<Record<string, number>>

/** What `normalizeScore` gives. */
export interface NormalizeScoreResult {
  readonly status: Status
  /** Of the same nodes, and no other. Where the plugin forgot one they are as they were, and the code is 1. */
  readonly scores: Scores
}

/** What `permit` gives. */
export interface PermitResult {
  readonly status: Status
  /** Milliseconds that the pod may wait, where the code is `wait`. */
  readonly timeout: number
}

/**
 * The extension points of Kubernetes' scheduling framework that a plugin can take part in. One that it does not export does nothing and
 * succeeds. All but `enqueue` belong to one attempt at scheduling one pod, which is a lease; nodes are given by their names.
 */
export interface SchedulerHooks {
  /** Which events make a pod worth another attempt that this plugin refused: `values.events` has them already. */
  enqueue(): readonly ClusterEvent[]
  /** Begins the attempt: guests drop what they know of the one before. */
  preFilter(): PreFilterResult
  /** What if this pod were on the node too? */
  addPod(pod: KubernetesObject, node: string): Status
  /** What if this pod were not on the node? */
  removePod(pod: KubernetesObject, node: string): Status
  /** Whether the pod may go to the node. */
  filter(node: string): Status
  /** No node is left. @param codes - the codes that nodes were refused with, by their names */
  postFilter(codes: Readonly<Record<string, number>>): PostFilterResult
  /** @param nodes - those that are left */
  preScore(nodes: readonly string[]): Status
  score(node: string): ScoreResult
  normalizeScore(scores: Scores): NormalizeScoreResult
  reserve(node: string): Status
  unreserve(node: string): void
  permit(node: string): PermitResult
  preBind(node: string): Status
  bind(node: string): Status
  postBind(node: string): void
}

/** The name of an extension point. */
export type SchedulerHook = keyof SchedulerHooks
