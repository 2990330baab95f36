import type { Diagnostic, MortiseError } from '../errors.ts'

/** What went live: as it is saved, or built in a hurry, or for good. */
export type Stage = 'source' | 'quick' | 'optimized'

/** Milliseconds of each step, in their order; `total` is from the first sign of a change. */
export type Took = Readonly<Record<string, number>>

/** What a dev loop has to tell. */
export type DevEvent =
  | {
      readonly event: 'ready'
      readonly name: string
      readonly contract: string
      readonly language: string
      readonly url: string | undefined
    }
  | { readonly event: 'changed'; readonly files: readonly string[] }
  | { readonly event: 'warning'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly event: 'live'
      readonly stage: Stage
      readonly version: number
      readonly bytes: number | undefined
      /** Bytes that were sent to a server elsewhere. */
      readonly sent: number | undefined
      readonly took: Took
    }
  | { readonly event: 'unchanged' }
  | { readonly event: 'failed'; readonly error: MortiseError; readonly live: number | undefined }
  | { readonly event: 'answered'; readonly status: number; readonly text: string; readonly milliseconds: number }
