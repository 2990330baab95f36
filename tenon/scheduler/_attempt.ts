import { begin, mark, release } from '../_room'

/*
 * How long things last. An attempt to place a pod begins with `prefilter`, and what its hooks read stays until the next one. Only hooks
 * that are called for each node let go of what they read.
 */
let hooks: u32 = 0
let brief: u32 = 0
let before: usize = 0
let attempts: u32 = 0

/** Internal: an attempt begins; nothing of the one before is there any more. */
export function beginAttempt(): void {
  begin()
  attempts++
  brief = 0
}

/** Internal: a hook begins whose reads last as long as the attempt. */
export function beginLasting(): void {
  brief = 0
}

/** Internal: a hook begins that is called for each node. */
export function beginBrief(): void {
  if (++hooks == 0) hooks = 1
  brief = hooks
  before = mark()
}

/** Internal: such a hook ends. */
export function endBrief(): void {
  release(before)
  brief = 0
}

/** Internal: the number of the hook that what is read now lasts for; 0 where it lasts for the attempt. */
export function briefly(): u32 {
  return brief
}

/** Internal: the number of the attempt. */
export function attempt(): u32 {
  return attempts
}
