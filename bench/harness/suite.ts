/** One piece of work, made ready in a process of its own. */
export interface Bench {
  /** Does the work `count` times in a row and throws at the first wrong result. */
  readonly run: (count: number) => void | Promise<void>
  /** The same but for what is measured: its time is taken off. */
  readonly without?: (count: number) => void | Promise<void>
  /** The same work without what is measured, in turns with it: the figures say how many times longer `run` takes, median of the batches. */
  readonly floor?: (count: number) => void | Promise<void>
  /** Milliseconds of the last `run`, where not all of it is what is measured. */
  readonly clock?: () => number
  /** Makes what the next `count` runs use up, off the clock. */
  readonly before?: (count: number) => void | Promise<void>
  /** Checks and clears away what they left, off the clock. */
  readonly after?: () => void | Promise<void>
  /** How many runs may follow one another between `before` and `after`. */
  readonly most?: number
}

/** Makes a bench ready. */
export type MakeBench = () => Bench | Promise<Bench>

/** The ways in which a subject does the work of one case. The name of the usual one is empty. */
export type Variants = Readonly<Record<string, MakeBench>>

/** Something that is measured. Its module must load without the peer that it measures: only benches load that. */
export interface Subject {
  readonly name: string
  /** The module that exports it as `subject`. */
  readonly url: string
  /**
   * - `ours`: what the other rows are held against
   * - `sandbox`: keeps foreign code from the host's memory
   * - `reference`: a floor, or no sandbox
   */
  readonly role: 'ours' | 'sandbox' | 'reference'
  /** Flags of node that it needs. */
  readonly flags?: readonly string[]
  readonly cases: Readonly<Record<string, Variants>>
}

/** One kind of work. */
export interface Case {
  readonly name: string
  /** What is done once, for the reader of the table. */
  readonly does: string
}

/** Cases, and who takes part in them. */
export interface Suite {
  readonly name: string
  readonly cases: readonly Case[]
  readonly subjects: readonly Subject[]
  readonly expectations: readonly Expectation[]
  /** What there is to say beyond one table a case, once all rows are measured. */
  readonly sheets?: (rows: readonly Row[]) => Promise<readonly Sheet[]>
  /** Builds what the subjects share, before any of them starts. */
  prepare(): Promise<void>
}

/** A table of its own, with a heading and a name for each line. */
export interface Sheet {
  readonly name: string
  readonly does: string
  readonly columns: readonly string[]
  readonly lines: readonly (readonly [name: string, ...cells: string[]])[]
}

/** Something that was said about the figures before they were measured. */
export interface Expectation {
  readonly text: string
  /** Compares; `undefined` where a row that it needs was not measured. */
  readonly judge: (rows: readonly Row[]) => Verdict | undefined
}

/** What the figures say about an expectation. */
export interface Verdict {
  readonly met: boolean
  readonly because: string
}

/** The measurement of one subject, or why there is none. */
export interface Row {
  readonly suite: string
  readonly case: string
  readonly subject: string
  readonly role: Subject['role']
  readonly figures: Figures | undefined
  readonly error: string | undefined
}

/** Nanoseconds of one run. */
export interface Figures {
  /** Median of the rounds, each of which is a mean. */
  readonly value: number
  /** The best round. */
  readonly min: number
  /** Of batches: of single runs where one takes longer than a fifth of a millisecond. */
  readonly p50: number
  readonly p99: number
  /** How many runs there were. */
  readonly n: number
  /** How many times the floor it takes, where the bench has one: the median of the rounds. */
  readonly ratio: number | undefined
}
