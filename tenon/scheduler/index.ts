import { placeholder } from '../_placeholder'
import { setFailure } from './_run'
import { Status } from './status'

export { Node } from './_kubernetes/node'
export { Pod } from './_kubernetes/pod'
export { Action, ClusterEvent, Resource } from './cluster-event'
export { List, StringMap } from './collections'
export { config } from './config'
export { CycleState, StateData } from './cycle-state'
export { ObjectReference, events } from './events'
export { Severity, klog } from './klog'
export { ImageState, ImageStates, NodeInfo } from './node-info'
export { NodeInfoList, nodes } from './nodes'
export { NodeScore, NodeScores, NodeStatus, NodeStatuses, PostFilterResult } from './results'
export { Code, Status } from './status'
export { Bytes, Text } from './text'
export { IntOrString, Quantity, Time } from './values'
export { waitingPods } from './waiting-pods'

/**
 * Ends a hook that returns something else than a status, such as `score`, with one. Return at once what it gives back.
 *
 * @typeParam T - what the function that fails returns
 * @param status - what the host is told in place of a result
 * @returns a placeholder, so that `return fail<T>(…)` fits
 * @example
 * ```ts
 * import { CycleState, NodeInfo, Pod, Status, fail } from 'tenon/scheduler'
 *
 * export class Largest {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     const cpu = nodeInfo.node.status.allocatable.get('cpu')
 *     if (cpu === null) return fail<i32>(Status.error('the node does not say how many CPUs it has'))
 *     return <i32>min<i64>(cpu.value(), 100)
 *   }
 * }
 * ```
 */
export function fail<T>(status: Status): T {
  setFailure(status)
  return placeholder<T>()
}
