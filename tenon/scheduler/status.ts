/**
 * What statuses say, by their numbers.
 *
 * @example
 * ```ts
 * import { Code, CycleState, NodeStatuses, Pod, Status } from 'tenon/scheduler'
 *
 * export class Preempt {
 *   postFilter(state: CycleState, pod: Pod, statuses: NodeStatuses): Status | null {
 *     for (let i = 0; i < statuses.length; i++) {
 *       if (statuses[i].code == Code.Unschedulable) return null
 *     }
 *     return Status.unresolvable('no node would fit without the pods that are on it')
 *   }
 *   filter(): void {}
 * }
 * ```
 */
export class Code {
  static readonly Success: i32 = 0
  static readonly Error: i32 = 1
  static readonly Unschedulable: i32 = 2
  static readonly UnschedulableAndUnresolvable: i32 = 3
  static readonly Wait: i32 = 4
  static readonly Skip: i32 = 5
  /** The reference's guests have no name for it, and its hosts pass it on. */
  static readonly Pending: i32 = 6
}

/**
 * What a hook has to say, where that is not a success: `null` is one.
 *
 * @example
 * ```ts
 * import { CycleState, Pod, Status, Text } from 'tenon/scheduler'
 *
 * export class Patient {
 *   permit(state: CycleState, pod: Pod, nodeName: Text): Status | null {
 *     return pod.metadata.labels.has('example.com/wait') ? Status.wait(10_000, 'its labels ask for it') : null
 *   }
 * }
 * ```
 */
@final
export class Status {
  private constructor(
    /** One of {@link Code}, or a number of the plugin's own. */
    readonly code: i32,
    /** Why, for whoever looks at the pod's events. */
    readonly reason: string,
    /** How long to wait at most, in milliseconds, where the code is `Code.Wait`. */
    readonly timeout: u32,
  ) {}

  /** A status of any code. */
  static of(code: i32, reason: string = ''): Status {
    return new Status(code, reason, 0)
  }

  /** Something went wrong; the attempt ends. */
  static error(reason: string): Status {
    return new Status(Code.Error, reason, 0)
  }

  /** The pod does not fit, and might if other pods were removed. */
  static unschedulable(reason: string): Status {
    return new Status(Code.Unschedulable, reason, 0)
  }

  /** The pod does not fit, and removing other pods would not help. */
  static unresolvable(reason: string): Status {
    return new Status(Code.UnschedulableAndUnresolvable, reason, 0)
  }

  /** In `permit`: the pod waits, for so many milliseconds at most. */
  static wait(milliseconds: u32, reason: string = ''): Status {
    return new Status(Code.Wait, reason, milliseconds)
  }

  /** In `preFilter` and `preScore`: nothing to do for this pod, so `filter` or `score` need not be called; in `bind`: somebody else binds it. */
  static skip(): Status {
    return new Status(Code.Skip, '', 0)
  }

  /** The pod waits for something outside, such as a resource that is being made. */
  static pending(reason: string): Status {
    return new Status(Code.Pending, reason, 0)
  }
}
