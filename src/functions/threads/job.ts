import type { LogLine } from '../../runtime.ts'
import type { Ended, Load } from './messages.ts'

/** A WebAssembly module that threads can run. */
export interface ThreadCode extends Omit<Load, 'load' | 'bytes'> {
  /** Gives its bytes, as often as a thread needs them. */
  bytes(): Promise<Uint8Array>
}

/** One run on a thread. */
export interface Job<Q, A> {
  readonly code: ThreadCode
  /** Undefined where it is only to be seen whether it loads. */
  readonly request: Q | undefined
  /** When it has to have ended, by the clock of `performance.now()`. */
  readonly until: number
  /** Is told when a thread takes it. */
  readonly begun: () => void
  readonly log: (line: LogLine) => void
  readonly resolve: (ended: Ended<A>) => void
  readonly reject: (error: Error) => void
}
