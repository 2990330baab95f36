import { MortiseError, reasonOf } from '../../errors.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/** What a request to run an activation says beside its parameters: `activation_id`, `deadline`, `api_key` and so on. */
export type ActivationFields = Readonly<Record<string, Json>>

/** A request as a value: `EVENT_INVALID` for what is no JSON object, and for parameters that are neither object nor array. */
export function parseRequest(request: string): JsonObject {
  let parsed: unknown
  try {
    parsed = JSON.parse(request)
  } catch (cause) {
    refuse(`it is not JSON: ${reasonOf(cause)}`, cause)
  }
  if (!isJsonObject(parsed)) refuse('it is not a JSON object')
  const { value } = parsed
  if (typeof value !== 'object' && value !== undefined)
    refuse(`its 'value' is a ${typeof value}, and must be an object or an array`)
  return parsed
}

/** All that a request says beside its parameters. */
export function fieldsOf(request: JsonObject): ActivationFields {
  const { value: _, ...fields } = request
  return Object.freeze(fields)
}

const names = /^\w+$/

/**
 * The same as settings, for guests that read by name: `activation_id` is `__OW_ACTIVATION_ID`. What is no text is spelled as JSON;
 * a name that is more than letters, digits and `_` is left out.
 */
export function settingsOf(request: JsonObject): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {}
  for (const [name, field] of Object.entries(request)) {
    if (name === 'value' || !names.test(name)) continue
    settings[`__OW_${name.toUpperCase()}`] = typeof field === 'string' ? field : JSON.stringify(field)
  }
  return settings
}

/**
 * The text of the parameters, as it was written, so that numbers stay as exact as they were; `{}` where there are none.
 *
 * @param text - of the request, known to be JSON
 */
export function parametersOf({ value }: JsonObject, text: string): string {
  if (value === undefined || value === null) return '{}'
  let found = ''
  let at = text.indexOf('{') + 1
  while (true) {
    const start = text.indexOf('"', at)
    if (start === -1) return found
    const end = endOfString(text, start)
    const from = text.indexOf(':', end) + 1
    at = endOfValue(text, from)
    if (!isValue(text.slice(start, end))) continue
    found = text.slice(from, at).trim()
    // Of two fields with one name the last counts.
    if (!text.includes('"value"', at) && !text.includes('\\', at)) return found
  }
}

/** Whether a name, in its quotes, is `value`, which may have escapes in it. */
const isValue = (name: string): boolean => name === '"value"' || (name.includes('\\') && JSON.parse(name) === 'value')

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const isOpening = (unit: number): boolean => unit === 0x7b || unit === 0x5b
const isClosing = (unit: number): boolean => unit === 0x7d || unit === 0x5d

/** Where a string that begins at a quote ends. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return end + 1
  }
}

/** Where the value of a field ends: at the comma or the brace behind it. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; ; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) at = endOfString(text, at) - 1
    else if (isOpening(unit)) depth++
    else if (isClosing(unit)) {
      if (depth-- === 0) return at
    } else if (unit === comma && depth === 0) return at
  }
}

function refuse(why: string, cause?: unknown): never {
  throw new MortiseError(
    'EVENT_INVALID',
    `Cannot pass the request to the guest: ${why}. A request is a JSON object with the parameters as 'value'`,
    { cause },
  )
}
