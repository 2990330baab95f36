import { availableParallelism } from 'node:os'
import type { SchedulerOptions } from '../../contracts/scheduler/options.ts'
import type { PluginLogLine } from '../../host.ts'
import { parseDuration } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'
import type { LimitsOf } from '../../runtime.ts'

/** Options of a plugin that several threads call. */
export interface ThreadedOptions {
  /** The options of its contract; nobody waits for a permit here. */
  readonly scheduler?: SchedulerOptions
  readonly limits?: LimitsOf<'wasm'>
  /** Gets every line that the guest writes, in the order in which they come from the threads. */
  readonly log?: (line: PluginLogLine) => void
  /** Threads beside the one that asks. Default: one less than the machine runs at once, and at least one; at most 64. */
  readonly threads?: number
  /**
   * How long calls have to take on one thread before the others help, by the first few of them: milliseconds, or text like `'5 ms'`.
   * Default 1 ms, about ten times what it takes to ask them.
   */
  readonly worth?: number | string
}

const mostThreads = 64

/** The one parser of these options: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseThreaded(name: string, options: ThreadedOptions): Required<ThreadedOptions> & { worth: number } {
  checkKeys(options, ['scheduler', 'limits', 'log', 'threads', 'worth'], `threaded plugin '${name}'`)
  const { scheduler = {}, limits = {}, log = () => {}, worth = 1 } = options
  const { threads = Math.min(Math.max(availableParallelism() - 1, 1), mostThreads) } = options
  const whole = Number.isSafeInteger(threads) && threads >= 1 && threads <= mostThreads
  checkOption('threads', threads, whole, `a whole number from 1 to ${mostThreads}`)
  checkOption('log', log, typeof log === 'function', 'a function')
  const alone = scheduler.handle?.waitingPods === undefined
  checkOption('waitingPods', scheduler.handle?.waitingPods, alone, 'nothing here: threads cannot ask for waiting pods')
  return { scheduler, limits, log, threads, worth: parseDuration('worth', worth) }
}
