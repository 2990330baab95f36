import { AssertionError } from 'node:assert'

/**
 * Fails a test, with a diff in the sentence for whoever reads it there, and both sides for test runners that show them by themselves.
 *
 * @throws AssertionError
 */
export function differ(sentence: string, actual: unknown, expected: unknown, cause?: Error): never {
  const { message } = new AssertionError({ actual, expected, operator: 'deepStrictEqual' })
  const diff = message.slice(message.indexOf('\n') + 1).trimEnd()
  // With an operator that it knows, Node would put the diff there again.
  const error = new AssertionError({ message: `${sentence}\n${diff}`, actual, expected, operator: 'expected' })
  if (cause !== undefined) error.cause = cause
  throw error
}
