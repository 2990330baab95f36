import { failing } from './scheduler/failing.ts'
import { globals } from './scheduler/globals.ts'
import type { SchedulerBehaviour } from './scheduler/guest.ts'
import { programs } from './scheduler/programs.ts'

/** What all 42 guests of kube-scheduler-wasm-extension do; paths are those of its repository. */
export const schedulerBehaviours: readonly SchedulerBehaviour[] = [...programs, ...failing, ...globals]
