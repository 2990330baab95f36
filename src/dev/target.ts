import type { Source } from '../artifact.ts'
import type { MortiseError } from '../errors.ts'
import type { Took } from './events.ts'
import type { Guest } from './guest.ts'

/** What became of code that was put somewhere. */
export interface Put {
  readonly version: number
  /** Bytes that were sent for it, where it is elsewhere. */
  readonly sent?: number
  readonly took: Took
}

/** An answer of a guest that was called. */
export interface Answered {
  readonly status: number
  readonly text: string
}

/** Where a guest goes live. */
export interface Target extends AsyncDisposable {
  /** Where it is called; `undefined` where nobody knows. */
  url(guest: Guest): string | undefined
  /**
   * Makes code live. What fails changes nothing that is.
   *
   * @param source - the path of what is plugged as it is, or what was built
   */
  put(guest: Guest, source: Source): Promise<Put>
  /** Says to who asks that there is nothing newer, and why. */
  broken(guest: Guest, error: MortiseError): void
}
