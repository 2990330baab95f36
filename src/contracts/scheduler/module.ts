import type { EsmContext } from '../../units.ts'
import type { ClusterEvent } from './events.ts'
import type { SchedulerEvent, WaitingPods } from './handle.ts'
import type { PermitResult, PostFilterResult, Scores } from './hooks.ts'
import type { KubernetesObject } from './kubernetes/object.ts'
import type { NodeSnapshot } from './nodes.ts'

/** What the hooks of a plugin in JavaScript work with. */
export interface ModuleAttempt {
  readonly pod: KubernetesObject
  readonly nodes: NodeSnapshot
  /** What the hooks of one attempt leave to one another; it begins empty. */
  readonly state: Map<string, unknown>
  /** The text of the option `config`. */
  readonly config: string
  readonly log: EsmContext['log']
  /** Records an event. */
  readonly event: (event: SchedulerEvent) => void
  readonly waitingPods: WaitingPods
}

/** A status, or nothing for success. A reason may be left out. */
export type ModuleStatus = { readonly code: number; readonly reason?: string } | undefined

/** Something with a status, which may be left out for success. */
export type WithStatus<R> = { readonly status?: ModuleStatus } & Partial<Omit<R, 'status'>>

/** A scheduler plugin as an ES module: what it exports of these, as functions that return at once. Nodes are given by their names. */
export interface SchedulerModule {
  /** The events that it waits for, by the names and bits of the framework. */
  readonly enqueue?: () => readonly Pick<ClusterEvent, 'resource' | 'actionType'>[]
  readonly preFilter?: (attempt: ModuleAttempt) => ModuleStatus | WithStatus<{ readonly nodeNames: readonly string[] }>
  readonly addPod?: (attempt: ModuleAttempt, pod: KubernetesObject, node: string) => ModuleStatus
  readonly removePod?: (attempt: ModuleAttempt, pod: KubernetesObject, node: string) => ModuleStatus
  readonly filter?: (attempt: ModuleAttempt, node: string) => ModuleStatus
  readonly postFilter?: (attempt: ModuleAttempt, codes: Scores) => ModuleStatus | WithStatus<PostFilterResult>
  readonly preScore?: (attempt: ModuleAttempt, nodes: readonly string[]) => ModuleStatus
  /** A whole number alone is a score with success. */
  readonly score?: (attempt: ModuleAttempt, node: string) => number | WithStatus<{ readonly score: number }>
  /** Scores alone, of all nodes, come with success. */
  readonly normalizeScore?: (attempt: ModuleAttempt, scores: Scores) => Scores | undefined
  readonly reserve?: (attempt: ModuleAttempt, node: string) => ModuleStatus
  readonly unreserve?: (attempt: ModuleAttempt, node: string) => void
  readonly permit?: (attempt: ModuleAttempt, node: string) => ModuleStatus | WithStatus<PermitResult>
  readonly preBind?: (attempt: ModuleAttempt, node: string) => ModuleStatus
  readonly bind?: (attempt: ModuleAttempt, node: string) => ModuleStatus
  readonly postBind?: (attempt: ModuleAttempt, node: string) => void
}
