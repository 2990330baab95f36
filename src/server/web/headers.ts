import { validateHeaderName, validateHeaderValue } from 'node:http'

/** Headers of a response: one that comes several times has a list. */
export type ResponseHeaders = Record<string, string | string[]>

/** What frames an answer on its connection is for the server to say. */
const framing: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Headers as an action gives them: names with texts, numbers and booleans, or lists of them. What frames the answer is left out.
 *
 * @returns `undefined` where something else is among them, or a line break
 */
export function readHeaders(given: unknown): ResponseHeaders | undefined {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) return undefined
  const headers: ResponseHeaders = {}
  for (const [name, value] of Object.entries(given)) {
    const values = (Array.isArray(value) ? value : [value]).map(textOf)
    if (!values.every((text) => text !== undefined && isHeader(name, text))) return undefined
    const texts = values.filter((text) => text !== undefined)
    const [first] = texts
    if (first === undefined || framing.has(name.toLowerCase())) continue
    headers[name.toLowerCase()] = texts.length === 1 ? first : texts
  }
  return headers
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}
