import type { SchedulerEvent } from '../contracts/scheduler/handle.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import type { PermitWait } from './binding.ts'
import type { Filtered } from './filtering.ts'
import type { Refusal } from './member.ts'
import type { Scored } from './scoring.ts'
import type { Selected } from './selection.ts'
import type { HookTime } from './times.ts'

/** How one attempt at scheduling one pod went. */
export interface Outcome {
  /** The pod as it was scheduled: with a UID and a namespace. */
  readonly pod: KubernetesObject
  /**
   * - `bound`: it runs on `node`;
   * - `unschedulable`: plugins said no, and may say yes once the cluster has changed;
   * - `failed`: a plugin failed, and the attempt with it.
   */
  readonly result: 'bound' | 'unschedulable' | 'failed'
  /** The node that it is bound to. */
  readonly node: string | undefined
  /** One sentence, as `kubectl describe` would show it. */
  readonly message: string
  /** Why the node that was selected is not the pod's after all. */
  readonly refusal: Refusal | undefined
  /** Of preFilter and filter; `undefined` where those failed. */
  readonly filtered: Filtered | undefined
  /** `undefined` where fewer than two nodes were feasible, or something failed before. */
  readonly scored: Scored | undefined
  readonly selected: Selected | undefined
  /** The plugins that had the pod wait before it was bound. */
  readonly waits: readonly PermitWait[]
  /** The node that postFilter nominated the pod to: it would be tried first in the next attempt. */
  readonly nominated: string | undefined
  /** What plugins recorded during the attempt. */
  readonly events: readonly SchedulerEvent[]
  /** Of every hook that was called. */
  readonly times: readonly HookTime[]
}

/**
 * Why a pod fits on no node, in the form that `kubectl describe` has made known: how many nodes each reason holds for.
 *
 * @param count - of all nodes
 */
export function unfitMessage(count: number, { refused, rest, rejected }: Filtered, reasons: readonly string[]): string {
  const after = reasons.length > 0 ? ` ${reasons.join(', ')}` : ''
  if (rejected) return `0/${count} nodes are available: ${rest?.reason ?? ''}.${after}`
  const counts = new Map<string, number>()
  for (const { reason } of refused.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  if (rest !== undefined && refused.size < count)
    counts.set(rest.reason, (counts.get(rest.reason) ?? 0) + count - refused.size)
  const said = Array.from(counts, ([reason, nodes]) => `${nodes} ${reason}`.trimEnd()).toSorted()
  return `0/${count} nodes are available: ${said.join(', ')}.${after}`
}
