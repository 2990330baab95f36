import type { ErrorCode, ErrorDetails } from '../../errors.ts'
import type { LogLine } from '../../runtime.ts'
import type { ProtocolName } from '../protocols/protocol.ts'

/** A WebAssembly module as a thread gets it. */
export interface Load {
  readonly load: number
  readonly name: string
  /** What it is asked, and answers. */
  readonly protocol: ProtocolName
  readonly bytes: Uint8Array
  readonly config: Readonly<Record<string, string>>
  /** Milliseconds, and bytes. */
  readonly deadline: number
  readonly memory: number
  readonly output: number
}

/** What a thread is asked, one after the other. */
export type Order<Q> =
  | Load
  /** It is needed no more. */
  | { readonly unload: number }
  /** Run it once; without a request, only say whether it loads. */
  | { readonly run: number; readonly request: Q | undefined; readonly milliseconds: number }

/** What a thread says: the lines of a run, then how it ended. An error comes as its parts, for a copy of it would be none of ours. */
export type Report<A> = { readonly log: LogLine } | Ended<A>

/** How a run ended. */
export type Ended<A> = (
  | { readonly answer: A }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails } }
) & {
  /** How many milliseconds the guest had the processor. */
  readonly took: number
  /** It had run on this thread before, so that V8 had compiled what it calls. */
  readonly warm: boolean
  /** The module was loaded, so that it was the guest that failed, if something did. */
  readonly loaded: boolean
}
