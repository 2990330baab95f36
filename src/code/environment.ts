import { MortiseError } from '../errors.ts'

/** What JSON spells in another way where OpenWhisk's proxy does, which is written in Go. */
const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** Far deeper than anybody means, and far less deep than the stack. */
const deepest = 1000

/**
 * The environment that a request asks for: texts as they are, all else as JSON, to the byte as OpenWhisk's proxy has it, with the keys
 * of objects in order.
 *
 * @param values - as `JSON.parse` gives them
 * @throws MortiseError `OPTION_INVALID` for what is nested more than 1,000 deep
 */
export function toEnvironment(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : toJson(value, 0)]),
  )
}

/** JSON of what is no object and no array, to the byte as Go writes it. */
export function asGoWrites(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(/[<>&\u2028\u2029]/g, (sign) => escapes[sign] ?? sign)
}

function toJson(value: unknown, depth: number): string {
  if (depth > deepest)
    throw new MortiseError('OPTION_INVALID', `Cannot set 'env': a value of it is nested more than ${deepest} deep`)
  if (Object.is(value, -0)) return '-0'
  if (Array.isArray(value)) return `[${value.map((one) => toJson(one, depth + 1)).join(',')}]`
  if (typeof value !== 'object' || value === null) return asGoWrites(value)
  // By the bytes of their names, of which those that look like numbers come first in an object of JavaScript's.
  const entries = Object.entries(value).toSorted(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  )
  return `{${entries.map(([key, inner]) => `${toJson(key, depth)}:${toJson(inner, depth + 1)}`).join(',')}}`
}
