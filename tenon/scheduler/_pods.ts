import { Pod } from './_kubernetes/pod'
import * as host from './_host'
import { lengthOf, setView } from './_view'

/*
 * The pod that is scheduled, and the one that `addPod` and `removePod` are about. Each is asked for when something of it is read for the
 * first time, into memory of its own that is used again.
 */
const current: usize = memory.data(8, 4)
const target: usize = memory.data(8, 4)
// @ts-ignore: decorator
@lazy let currentAt: usize = 0
// @ts-ignore: decorator
@lazy let currentLimit: i32 = 0
// @ts-ignore: decorator
@lazy let targetAt: usize = 0
// @ts-ignore: decorator
@lazy let targetLimit: i32 = 0

/** Internal: the pod of a new attempt. */
export function forgetPod(): void {
  setView(current, 0, -1)
}

// There may be a hook before the first attempt begins.
forgetPod()

/** Internal: the pod that is scheduled. */
export function currentPod(): Pod {
  return changetype<Pod>(current)
}

/** Internal: the pod that is added or removed, at the beginning of its hook. */
export function targetPod(): Pod {
  setView(target, 0, -1)
  return changetype<Pod>(target)
}

/** Internal: a pod, once it is there. */
export function there(pod: Pod): Pod {
  if (lengthOf(pod) < 0) {
    if (changetype<usize>(pod) == current) readCurrent()
    else readTarget()
  }
  return pod
}

function readCurrent(): void {
  let size = host.currentPod(currentAt, currentLimit)
  if (size > currentLimit) {
    if (currentAt != 0) heap.free(currentAt)
    currentLimit = size << 1
    currentAt = heap.alloc(currentLimit)
    size = host.currentPod(currentAt, currentLimit)
  }
  setView(current, currentAt, size)
}

function readTarget(): void {
  let size = host.targetPod(targetAt, targetLimit)
  if (size > targetLimit) {
    if (targetAt != 0) heap.free(targetAt)
    targetLimit = size << 1
    targetAt = heap.alloc(targetLimit)
    size = host.targetPod(targetAt, targetLimit)
  }
  setView(target, targetAt, size)
}
