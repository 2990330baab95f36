import { runNow, runWaiting, type Steps } from './apply.ts'

/** Runs `apply`, so that all of it is kept or nothing. */
export type Transaction<C> = (apply: () => void, context: C) => void

/** The same where storages wait. */
export type AsyncTransaction<C> = (apply: () => Promise<void>, context: C) => Promise<void>

/** What contexts have in common in which keys mean the same. */
export type Scope = string | number | bigint | undefined

/** How what is intended in several contexts is applied together. `T` is a transaction. */
export interface Together<C, T> {
  /** Runs `apply`, so that all of it is kept or nothing: for storages that share a transaction. Default: just runs it. */
  readonly transaction?: T
  /**
   * What a context adds to the meaning of keys, such as the workspace that those mean which name none: a bundle keeps equal keys of
   * different scopes apart, and applies each with a context of its own. Default: nothing.
   */
  readonly scope?: (context: C) => Scope
}

/** Keys mean the same in every context. */
export const unscoped = (): undefined => undefined

/** A transaction around steps. */
export function within<C>(
  transaction: Transaction<C> | undefined,
  context: C,
): ((body: () => Steps) => unknown) | undefined {
  return transaction && ((body) => transaction(() => runNow(body()), context))
}

/** A transaction around steps that wait. */
export function withinAsync<C>(
  transaction: AsyncTransaction<C> | undefined,
  context: C,
): ((body: () => Steps) => unknown) | undefined {
  return transaction && ((body) => transaction(() => runWaiting(body()), context))
}
