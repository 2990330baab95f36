/** What a proof is to do. */
export interface Task {
  readonly seed: number
  /** The share of the full count that is wanted, above 0 and at most 1. */
  readonly share: number
  /** Says how far it is; often called, rarely printed. */
  readonly progress: (done: number, of: number) => void
}

/** What came out. */
export interface Outcome {
  /** What was done so often: rounds, modules, calls. */
  readonly count: number
  readonly of: string
  /** Everything that is not as it has to be. Empty is the proof. */
  readonly unlike: readonly string[]
  /** What else was measured. */
  readonly note?: string
}

/** A proof by sheer number, whose short form is among the tests. */
export interface Proof {
  readonly name: string
  readonly about: string
  readonly run: (task: Task) => Promise<Outcome>
}

/** At most so many things that are unlike are kept: one is enough to fail. */
export const mostUnlike = 20
