import { inspect, isDeepStrictEqual } from 'node:util'
import type { ErrorCode } from '../../../errors.ts'
import type { LogLine } from '../../../storages/logger.ts'
import type { Response } from '../../../storages/response.ts'
import type { FieldValue } from '../fields.ts'
import { differ } from './differ.ts'
import type { Fields } from './given.ts'
import type { Outcome, TestIntent } from './outcome.ts'
import { alike } from './same.ts'

/** What a test expects. What it does not mention may be anything. */
export interface Expected {
  /** All intents that there are. */
  readonly intents: readonly TestIntent[] | undefined
  readonly results: readonly Fields[] | undefined
  readonly response: Response | undefined
  readonly logs: readonly LogLine[]
  readonly failure: { readonly code: ErrorCode; readonly text: string | RegExp } | undefined
}

/** What a test begins with. */
export const nothingExpected: Expected = {
  intents: undefined,
  results: undefined,
  response: undefined,
  logs: [],
  failure: undefined,
}

/**
 * Compares what came of a call with what was expected: a failure that was not expected is thrown as it is.
 *
 * @param extension - its name, for the sentence of an error
 * @throws AssertionError with a diff of what differs
 */
export function check(extension: string, expected: Expected, outcome: Outcome): void {
  checkFailure(extension, expected.failure, outcome)
  if (expected.intents !== undefined) checkIntents(extension, expected.intents, outcome.intents)
  const { results, response, logs } = expected
  if (results !== undefined) compare(`${extension} gives another result`, outcome.results, results)
  if (response !== undefined) compare(`${extension} answers otherwise`, outcome.response, response)
  const missing = logs.filter((line) => !outcome.logs.some((one) => isDeepStrictEqual(one, line)))
  if (missing.length > 0) differ(`${extension} does not log that`, outcome.logs, missing)
}

function checkFailure(extension: string, failure: Expected['failure'], outcome: Outcome): void {
  const { error } = outcome
  if (failure === undefined) {
    if (error !== undefined) throw error
    return
  }
  const { code, text } = failure
  const asked = text === '' ? { code } : { code, message: text }
  if (error === undefined)
    differ(`${extension} does not fail, and creates these intents`, titled(outcome.intents), asked)
  const { message } = error
  const says = typeof text === 'string' ? message.includes(text) : text.test(message)
  if (error.code === code && says) return
  differ(`${extension} fails otherwise`, { code: error.code, message }, { code, message: says ? message : text }, error)
}

/** Shows only what has no counterpart, by what is written where. */
function checkIntents(extension: string, expected: readonly TestIntent[], actual: readonly TestIntent[]): void {
  const left = [...actual]
  const missing = expected.filter((one) => {
    const index = left.findIndex((other) => isDeepStrictEqual(alike(one, other), other))
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
  if (missing.length === 0 && left.length === 0) return
  const created = titled(left)
  differ(`${extension} creates other intents`, created, alike(titled(missing), created))
}

/** The fields of intents by all else that is known of them. */
function titled(intents: readonly TestIntent[]): Readonly<Record<string, Fields>> {
  const counts = new Map<string, number>()
  return Object.fromEntries(
    intents.map(({ operation, target, key, fields }) => {
      const parts = Object.entries(key).map(([name, value]) => `${name}:${shown(value)}`)
      const title = [operation, target, ...(parts.length === 0 ? [] : [parts.toSorted().join(', ')])].join(' ')
      const count = (counts.get(title) ?? 0) + 1
      counts.set(title, count)
      return [count === 1 ? title : `${title} (${count})`, fields]
    }),
  )
}

const shown = (value: FieldValue): string => (typeof value === 'object' ? inspect(value) : String(value))

function compare(sentence: string, actual: unknown, written: unknown): void {
  const expected = alike(written, actual)
  if (!isDeepStrictEqual(actual, expected)) differ(sentence, actual, expected)
}
