/** A line for a process, and who waits for the line that answers it. */
export interface Call {
  readonly line: string
  readonly resolve: (answer: string) => void
  readonly reject: (error: Error) => void
  /** The number on the lines that it logs, once it has logged one; 0 before. */
  number: number
  /** It fails with this whatever it is answered: the host could not log a line of it. */
  failure?: Error
}
