/** A value does not fit its field; the path to it is made on the way out. */
export class Misfit extends Error {
  path = ''

  /** Names the field that the value is in. */
  within(name: string): this {
    this.path = this.path === '' ? name : `${name}.${this.path}`
    return this
  }
}

/** What a value is called in a sentence. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? typeof value).slice(0, 60)

const nothing: Readonly<Record<string, unknown>> = {}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return nothing
  if (isObject(value)) return value
  throw new Misfit(`${shown(value)}, and must be an object`)
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw new Misfit(`${shown(value)}, and must be a list`)
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  throw new Misfit(`${shown(value)}, and must be a text`)
}

export function flagOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (value === undefined || value === null) return false
  throw new Misfit(`${shown(value)}, and must be true or false`)
}

export function integerOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (value === undefined || value === null) return 0
  throw new Misfit(`${shown(value)}, and must be a whole number`)
}

/** The keys of an object in the order of their bytes in UTF-8, the last one first. */
export function keysDescending(object: object): readonly string[] {
  const keys = Object.keys(object)
  // UTF-16 sorts otherwise only where a key has characters beyond its first plane.
  const order = keys.some((key) => /[\ud800-\uffff]/.test(key))
    ? (a: string, b: string) => Buffer.compare(Buffer.from(b), Buffer.from(a))
    : (a: string, b: string) => (a < b ? 1 : -1)
  return keys.length < 2 ? keys : keys.toSorted(order)
}
