/**
 * What in the cluster can change so that a pod which did not fit may fit.
 *
 * @example
 * ```ts
 * import { Action, ClusterEvent, Resource } from 'tenon/scheduler'
 *
 * export class NodesOnly {
 *   enqueue(): ClusterEvent[] {
 *     return [new ClusterEvent(Resource.Node, Action.Add | Action.UpdateNodeLabel)]
 *   }
 *   filter(): void {}
 * }
 * ```
 */
@final
export class ClusterEvent {
  /**
   * @param resource - one of {@link Resource}
   * @param action - some of {@link Action}, added up with `|`
   */
  constructor(
    readonly resource: u32,
    readonly action: u32,
  ) {}
}

/**
 * Kinds of objects, by the numbers that guests of schedulers have for them.
 *
 * @example
 * ```ts
 * import { Action, ClusterEvent, Resource } from 'tenon/scheduler'
 *
 * export class Storage {
 *   enqueue(): ClusterEvent[] {
 *     return [new ClusterEvent(Resource.PersistentVolumeClaim, Action.All)]
 *   }
 *   filter(): void {}
 * }
 * ```
 */
export class Resource {
  static readonly Pod: u32 = 0
  static readonly Node: u32 = 1
  static readonly PersistentVolume: u32 = 2
  static readonly PersistentVolumeClaim: u32 = 3
  static readonly PodSchedulingContext: u32 = 4
  static readonly ResourceClaim: u32 = 5
  static readonly StorageClass: u32 = 6
  static readonly CSINode: u32 = 7
  static readonly CSIDriver: u32 = 8
  static readonly CSIStorageCapacity: u32 = 9
  static readonly Any: u32 = 10
}

/**
 * What can happen to an object.
 *
 * @example
 * ```ts
 * import { Action, ClusterEvent, Resource } from 'tenon/scheduler'
 *
 * export class Gone {
 *   enqueue(): ClusterEvent[] {
 *     return [new ClusterEvent(Resource.Pod, Action.Delete)]
 *   }
 *   filter(): void {}
 * }
 * ```
 */
export class Action {
  static readonly Add: u32 = 1
  static readonly Delete: u32 = 2
  static readonly UpdateNodeAllocatable: u32 = 4
  static readonly UpdateNodeLabel: u32 = 8
  static readonly UpdateNodeTaint: u32 = 16
  static readonly UpdateNodeCondition: u32 = 32
  static readonly Update: u32 = 60
  static readonly All: u32 = 63
}
