import { reasonOf } from './errors.ts'

/**
 * The answer to an activation whose promise was rejected, as the Node runtime of Apache OpenWhisk gives it: `{"error":…}` with
 * the very value, or with name, message and own fields of an error. The stack is for the log.
 */
export function rejection(thrown: unknown): { readonly error: unknown } {
  try {
    const error =
      thrown instanceof Error ? { ...fieldsOf(thrown), name: thrown.name, message: thrown.message } : (thrown ?? {})
    return { error: JSON.stringify(error) === undefined ? {} : error }
  } catch {
    return { error: reasonOf(thrown) }
  }
}

const fieldsOf = (thrown: Error): object => Object.fromEntries(Object.entries(thrown))

/** What the log says of it. */
export function stackOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.stack === 'string') return thrown.stack
  } catch {
    // A getter of theirs: what it says is said below.
  }
  return reasonOf(thrown)
}
