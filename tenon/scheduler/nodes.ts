import { inRange } from './_bounds'
import { room } from '../_room'
import { nodeInfoSize, setNodeInfo } from './_node-info'
import { allNodes } from './_nodes'
import { readNode } from './_reads'
import { sizeOf, startOf, utf8 } from './_text'
import { NodeInfo } from './node-info'

/**
 * Several nodes: `list[i]` for `i` from 0 to before `list.length`.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfoList, Pod, StateData, Status } from 'tenon/scheduler'
 *
 * class Count extends StateData {
 *   constructor(public arm: i32) {
 *     super()
 *   }
 * }
 *
 * export class Arm {
 *   preScore(state: CycleState, pod: Pod, nodes: NodeInfoList): Status | null {
 *     let arm = 0
 *     for (let i = 0; i < nodes.length; i++) {
 *       if (nodes[i].node.status.nodeInfo.architecture.equals('arm64')) arm++
 *     }
 *     state.write('arm', new Count(arm))
 *     return arm == 0 ? Status.skip() : null
 *   }
 *   score(state: CycleState): i32 {
 *     return state.read<Count>('arm')!.arm
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class NodeInfoList {
  /** For editors, which know no operators. */
  [key: i32]: NodeInfo
  readonly length: i32

  @operator('[]') private at(index: i32): NodeInfo {
    inRange(index, this.length)
    return changetype<NodeInfo>(changetype<usize>(this) + 8 + nodeInfoSize * index)
  }

  /** The one of a name, a `string` or a `Text`; null where it is not among them. All before it are looked at. */
  get<T>(name: T): NodeInfo | null {
    for (let i = 0; i < this.length; i++) if (this.at(i).name.equals<T>(name)) return this.at(i)
    return null
  }
}

/**
 * The nodes that the scheduler knows, whether the pod fits there or not: its shared lister.
 *
 * @example
 * ```ts
 * import { CycleState, Pod, Status, nodes } from 'tenon/scheduler'
 *
 * export class NotAlone {
 *   preFilter(state: CycleState, pod: Pod): Status | null {
 *     return nodes.list().length > 1 ? null : Status.unschedulable('there is one node')
 *   }
 *   filter(): void {}
 * }
 * ```
 */
export namespace nodes {
  /**
   * All of them, with all that is in them. The host is asked once in an attempt, whichever hook asks, so this is the way to read many, and
   * `get` the way to read few. The list and its nodes last until the attempt ends.
   *
   * @returns the nodes, in the order of the scheduler
   * @example
   * ```ts
   * import { CycleState, Pod, Status, nodes } from 'tenon/scheduler'
   *
   * export class Spare {
   *   preFilter(state: CycleState, pod: Pod): Status | null {
   *     const all = nodes.list()
   *     let free = 0
   *     for (let i = 0; i < all.length; i++) if (!all[i].node.spec.unschedulable) free++
   *     return free > 2 ? null : Status.unschedulable('no more than two nodes take pods')
   *   }
   *   filter(): void {}
   * }
   * ```
   */
  export function list(): NodeInfoList {
    return allNodes()
  }

  /**
   * One node.
   *
   * @param name - its name, a `string` or a `Text`
   * @returns the node; null where there is none of this name
   * @example
   * ```ts
   * import { CycleState, Pod, Status, nodes } from 'tenon/scheduler'
   *
   * export class Nominated {
   *   preFilter(state: CycleState, pod: Pod): Status | null {
   *     const name = pod.status.nominatedNodeName
   *     if (name.isEmpty || nodes.get(name) !== null) return null
   *     return Status.unresolvable('the node that it was nominated for is gone')
   *   }
   *   filter(): void {}
   * }
   * ```
   */
  export function get<T>(name: T): NodeInfo | null {
    const packed = utf8<T>(name)
    const at = room(1, nodeInfoSize, 8)
    const node = readNode(startOf(packed), sizeOf(packed))
    if (sizeOf(node) == 0) return null
    return setNodeInfo(at, startOf(packed), sizeOf(packed), startOf(node), sizeOf(node))
  }
}
