import { reasonOf } from '../../errors.ts'

/**
 * The answer to an activation whose promise was rejected, as the Node runtime of Apache OpenWhisk gives it: `{"error":…}` with
 * the very value, or with name, message and own fields of an error. Its stack is for the log.
 */
export function rejection(thrown: unknown): { readonly error: unknown } {
  if (thrown instanceof Error)
    return { error: spellable({ ...fields(thrown), name: thrown.name, message: thrown.message }, thrown) }
  return { error: spellable(thrown ?? {}, thrown) }
}

const fields = (thrown: Error): object => Object.fromEntries(Object.entries(thrown))

/** What JSON cannot say is said as text. */
function spellable(value: unknown, thrown: unknown): unknown {
  try {
    return JSON.stringify(value) === undefined ? reasonOf(thrown) : value
  } catch {
    return reasonOf(thrown)
  }
}
