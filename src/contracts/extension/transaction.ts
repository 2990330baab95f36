import { runNow, runWaiting, type Steps } from './apply.ts'

/** Runs `apply`, so that all of it is kept or nothing. */
export type Transaction<C> = (apply: () => void, context: C) => void

/** The same where storages wait. */
export type AsyncTransaction<C> = (apply: () => Promise<void>, context: C) => Promise<void>

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
