import type { AsyncResource } from 'node:async_hooks'
import type { LogLine, Meter } from '../runtime.ts'

/** How a process ended. */
export interface End {
  readonly pid: number
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  /** Why, in a sentence. */
  readonly because: string
  /** How many calls it had answered. */
  readonly answered: number
}

/** Who holds the process. */
export interface Holder {
  readonly meter: Pick<Meter, 'written'>
  readonly log: (line: LogLine) => void
  /** The asynchronous context of the plugin, which is that of no call. */
  readonly context: AsyncResource
  /** It may take another call. */
  room(): void
  ended(end: End): void
}
