import { inRange } from './_bounds'
import { search, setScoresChanged } from './_numbers'
import { Status } from './status'
import { Text } from './text'

/**
 * What `postFilter` may return: a node that the pod would fit on, once something else happened.
 *
 * @example
 * ```ts
 * import { CycleState, NodeStatuses, Pod, PostFilterResult, Status } from 'tenon/scheduler'
 *
 * export class FirstOne {
 *   postFilter(state: CycleState, pod: Pod, statuses: NodeStatuses): PostFilterResult {
 *     if (statuses.length == 0) return PostFilterResult.failed(Status.unschedulable('there is no node'))
 *     return PostFilterResult.nominate(statuses[0].name.toString())
 *   }
 *   filter(): void {}
 * }
 * ```
 */
@final
export class PostFilterResult {
  private constructor(
    /** The nominated node; empty for none. */
    readonly nodeName: string,
    /** Whether it takes the place of the node that was nominated before; otherwise nothing is changed. */
    readonly replaces: bool,
    readonly status: Status | null,
  ) {}

  /** The pod is to be tried on this node next; with an empty name, on none in particular. */
  static nominate(nodeName: string): PostFilterResult {
    return new PostFilterResult(nodeName, true, null)
  }

  /** What was nominated before stays. */
  static failed(status: Status, nodeName: string = ''): PostFilterResult {
    return new PostFilterResult(nodeName, false, status)
  }
}

/**
 * Why a node was refused.
 *
 * @example
 * ```ts
 * import { Code, CycleState, NodeStatus, NodeStatuses, Pod, PostFilterResult, Status } from 'tenon/scheduler'
 *
 * function hopeful(status: NodeStatus): bool {
 *   return status.code == Code.Unschedulable
 * }
 *
 * export class FirstHope {
 *   postFilter(state: CycleState, pod: Pod, statuses: NodeStatuses): PostFilterResult {
 *     for (let i = 0; i < statuses.length; i++) {
 *       if (hopeful(statuses[i])) return PostFilterResult.nominate(statuses[i].name.toString())
 *     }
 *     return PostFilterResult.failed(Status.unresolvable('there is no hope'))
 *   }
 *   filter(): void {}
 * }
 * ```
 */
@unmanaged
@final
export class NodeStatus {
  private readonly nameLength: i32
  private readonly nameAddress: usize
  private readonly value: i64

  /** The node's name. */
  get name(): Text {
    return changetype<Text>(this)
  }

  /** One of `Code`. */
  get code(): i32 {
    return <i32>this.value
  }
}

/**
 * The nodes that were refused, each with the code. Nodes that no plugin looked at are not among them.
 *
 * @example
 * ```ts
 * import { CycleState, NodeStatuses, Pod, PostFilterResult, Status } from 'tenon/scheduler'
 *
 * export class Favourite {
 *   postFilter(state: CycleState, pod: Pod, statuses: NodeStatuses): PostFilterResult {
 *     if (statuses.get('big-one') !== null) return PostFilterResult.nominate('big-one')
 *     return PostFilterResult.failed(Status.unschedulable('the big one is not there'))
 *   }
 *   filter(): void {}
 * }
 * ```
 */
@unmanaged
@final
export class NodeStatuses {
  /** For editors, which know no operators. */
  [key: i32]: NodeStatus
  readonly length: i32

  @operator('[]') private at(index: i32): NodeStatus {
    inRange(index, this.length)
    return changetype<NodeStatus>(changetype<usize>(this) + 8 + (<usize>index << 4))
  }

  /** The one of a node's name, a `string` or a `Text`; null where there is none. */
  get<T>(name: T): NodeStatus | null {
    const found = search<T>(changetype<usize>(this), name)
    return found == 0 ? null : changetype<NodeStatus>(found)
  }
}

/**
 * The score of a node.
 *
 * @example
 * ```ts
 * import { CycleState, NodeScore, NodeScores, Pod, Status } from 'tenon/scheduler'
 *
 * function halve(score: NodeScore): void {
 *   score.score /= 2
 * }
 *
 * export class Half {
 *   score(): i32 {
 *     return 100
 *   }
 *   normalizeScore(state: CycleState, pod: Pod, scores: NodeScores): Status | null {
 *     for (let i = 0; i < scores.length; i++) halve(scores[i])
 *     return null
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class NodeScore {
  private readonly nameLength: i32
  private readonly nameAddress: usize
  private value: i64

  /** The node's name. */
  get name(): Text {
    return changetype<Text>(this)
  }

  /** What `score` returned, until it is set: the host takes numbers from 0 to 100. */
  get score(): i64 {
    return this.value
  }

  set score(score: i64) {
    this.value = score
    setScoresChanged()
  }
}

/**
 * The scores that the plugin gave to the nodes, for `normalizeScore` to change.
 *
 * @example
 * ```ts
 * import { CycleState, NodeInfo, NodeScores, Pod, Status } from 'tenon/scheduler'
 *
 * export class FewestImages {
 *   score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 {
 *     return nodeInfo.node.status.images.length
 *   }
 *   normalizeScore(state: CycleState, pod: Pod, scores: NodeScores): Status | null {
 *     let most: i64 = 1
 *     for (let i = 0; i < scores.length; i++) most = max(most, scores[i].score)
 *     for (let i = 0; i < scores.length; i++) scores[i].score = 100 - (scores[i].score * 100) / most
 *     return null
 *   }
 * }
 * ```
 */
@unmanaged
@final
export class NodeScores {
  /** For editors, which know no operators. */
  [key: i32]: NodeScore
  readonly length: i32

  @operator('[]') private at(index: i32): NodeScore {
    inRange(index, this.length)
    return changetype<NodeScore>(changetype<usize>(this) + 8 + (<usize>index << 4))
  }

  /** The one of a node's name, a `string` or a `Text`; null where there is none. */
  get<T>(name: T): NodeScore | null {
    const found = search<T>(changetype<usize>(this), name)
    return found == 0 ? null : changetype<NodeScore>(found)
  }
}
