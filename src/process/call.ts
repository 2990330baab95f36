import type { Writer } from './writer.ts'

/** A line for a process, and who waits for the line that answers it. */
export interface Call {
  readonly line: string
  /** Milliseconds that it may take. */
  readonly deadline: number
  readonly writer: Writer
  /** When it has to have ended, by the clock of `performance`, once the process can work on it. */
  due: number
  /** Bytes of the lines that it is known to have logged. */
  logged: number
  readonly resolve: (answer: string) => void
  readonly reject: (error: Error) => void
}
