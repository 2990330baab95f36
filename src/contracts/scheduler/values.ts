import type { ClusterEvent } from './events.ts'
import type { SchedulerHook } from './hooks.ts'

/** What a scheduler plugin says when it is loaded. */
export interface SchedulerValues {
  /** The extension points that it takes part in, in the order in which an attempt comes by them. */
  readonly hooks: readonly SchedulerHook[]
  /** The events that make a pod worth another attempt. A plugin that names none waits for all. */
  readonly events: readonly ClusterEvent[]
}
