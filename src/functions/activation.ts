import type { LogLine } from '../runtime.ts'

/** One run of a function. */
export interface Activation {
  readonly id: string
  /** It was answered: what it writes from now on is late. */
  ended: boolean
  /** Lines that are kept back until it is known whether this run counts. */
  kept: LogLine[] | undefined
}
