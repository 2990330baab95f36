import type { FunctionStats } from '../../functions/functions.ts'
import type { Json } from '../../store/store.ts'
import type { TokenRuntime } from './tokens.ts'

/** Of what stats are told. */
interface Counted {
  readonly version: number
  readonly runtime: TokenRuntime
  stats(): FunctionStats
}

/** What is live, and what happened on it, as JSON. */
export function statsOf(live: Counted): Readonly<Record<string, Json>> {
  const { lastError, errors, ...counts } = live.stats()
  const last = lastError === undefined ? {} : { lastError: { code: lastError.code, error: lastError.message } }
  return { version: live.version, runtime: live.runtime, ...counts, errors: { ...errors }, ...last }
}
