import type { CodeRuntime } from '../code/code.ts'
import type { HandOver } from '../runtime.ts'
import type { Activation } from './activation.ts'

/** One deployment of what is served: code, environment and limits, which change together. `Q` is what it is asked, `A` what it answers. */
export interface Version<Q, A> {
  readonly digest: string
  readonly runtime: CodeRuntime
  /** How its state outlives it; not where it runs on several threads, each with its own. */
  readonly handOver?: HandOver | undefined
  /** Where its activations run at present. */
  readonly place: Place
  /**
   * Runs one activation.
   *
   * @param milliseconds - how long it may take
   * @returns the answer, at once where there is one; what it throws or rejects with is a `MortiseError`
   */
  run(activation: Activation, request: Q, milliseconds: number): Outcome<A>
  /** Ends it, with whatever of it is under way. */
  close(): Promise<void>
}

/** Where activations run: on the event loop, on a thread beside it, or in a process. */
export type Place = 'event loop' | 'thread' | 'process'

/** What comes of an activation: its answer, or one that takes its time. */
export type Outcome<A> = { readonly answer: A } | Pending<A>

/** An activation that takes its time. */
export interface Pending<A> {
  /** Settles in the time that it has. */
  readonly pending: Promise<A>
  /** Settles when it holds its place no longer: later than the answer where it cannot be stopped in time. */
  readonly ended: Promise<unknown>
}
