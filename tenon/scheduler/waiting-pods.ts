import { release, room } from '../_room'
import { Pod } from './_kubernetes/pod'
import * as host from './_host'
import { ended, skip, varint } from './_protobuf'
import { sizeOf, startOf, utf8 } from './_text'
import { viewOf } from './_view'

const smallest: i32 = 8192
const largest: i32 = 16 << 20

/**
 * Pods that `permit` of some plugin lets wait.
 *
 * @example
 * ```ts
 * import { CycleState, Pod, Status, waitingPods } from 'tenon/scheduler'
 *
 * export class Instead {
 *   filter(state: CycleState, pod: Pod): Status | null {
 *     const other = pod.metadata.annotations.get('example.com/instead-of')
 *     if (other === null) return null
 *     const waiting = waitingPods.get(other)
 *     if (waiting !== null && waiting.spec.priority < pod.spec.priority) waitingPods.reject(other)
 *     return null
 *   }
 * }
 * ```
 */
export namespace waitingPods {
  /**
   * Rejects a pod that waits, which is then tried again later.
   *
   * @param uid - its UID, a `string` or a `Text`
   * @returns whether there was one
   * @example
   * ```ts
   * import { CycleState, Pod, Text, waitingPods } from 'tenon/scheduler'
   *
   * export class Together {
   *   reserve(): void {}
   *   unreserve(state: CycleState, pod: Pod, nodeName: Text): void {
   *     const partner = pod.metadata.annotations.get('example.com/partner')
   *     if (partner !== null) waitingPods.reject(partner)
   *   }
   * }
   * ```
   */
  export function reject<T>(uid: T): bool {
    const packed = utf8<T>(uid)
    const answer = room(1, 8, 8)
    store<u64>(answer, 0)
    host.rejectWaitingPod(startOf(packed), sizeOf(packed), answer, 8)
    return load<u64>(answer) == 1
  }

  /**
   * A pod that waits.
   *
   * @param uid - its UID, a `string` or a `Text`
   * @returns null where no pod of that UID waits. One of more than 16 MiB ends the call
   * @example
   * ```ts
   * import { CycleState, Pod, Status, waitingPods } from 'tenon/scheduler'
   *
   * export class Together {
   *   permit(state: CycleState, pod: Pod): Status | null {
   *     const partner = pod.metadata.annotations.get('example.com/partner')
   *     if (partner === null || waitingPods.get(partner) !== null) return null
   *     return Status.wait(60_000, 'its partner is not there yet')
   *   }
   * }
   * ```
   */
  export function get<T>(uid: T): Pod | null {
    const packed = utf8<T>(uid)
    for (let limit = smallest; limit <= largest; limit <<= 1) {
      const at = room(limit, 1, 8)
      // The host does not say how much it wrote, or whether it wrote: a byte that it would write otherwise tells.
      memory.fill(at, 0, limit)
      store<u8>(at, untouched)
      host.getWaitingPod(startOf(packed), sizeOf(packed), at, limit)
      const first = load<u8>(at)
      if (first == 0) return null
      if (first != untouched) return viewOf<Pod>(at, lengthOfPod(at, at + limit))
      release(at)
    }
    throw new Error('the waiting pod has more than 16 MiB')
  }
}

const untouched: u8 = 0xff

/** Behind the last field there are zeros, and 0 is no tag. */
function lengthOfPod(begin: usize, end: usize): i32 {
  let at = begin
  while (at < end) {
    const tag = <u32>varint(at)
    if (tag == 0) break
    at = skip(ended(), end, tag & 7)
  }
  return <i32>(at - begin)
}
