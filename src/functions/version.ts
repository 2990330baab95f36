import type { CodeRuntime } from '../code/code.ts'
import type { Activation } from './activation.ts'

/** One deployment of a function: code, environment and limits, which change together. */
export interface Version {
  readonly digest: string
  readonly runtime: CodeRuntime
  /** Where its activations run at present. */
  readonly place: Place
  /**
   * Runs one activation.
   *
   * @param milliseconds - how long it may take
   * @returns the answer, at once where there is one; what it throws or rejects with is a `MortiseError`
   */
  run(activation: Activation, request: string, milliseconds: number): string | Pending
  /** Ends it, with whatever of it is under way. */
  close(): Promise<void>
}

/** Where activations run: on the event loop, on a thread beside it, or in a process. */
export type Place = 'event loop' | 'thread' | 'process'

/** An activation that takes its time. */
export interface Pending {
  /** Settles in the time that it has. */
  readonly answer: Promise<string>
  /** Settles when it holds its function's place no longer: later than the answer where it cannot be stopped in time. */
  readonly ended: Promise<unknown>
}
