/** What lies in an object of JSON under some names, one inside the other; `undefined` where one is not there. */
export function field(value: unknown, ...names: readonly string[]): unknown {
  let found = value
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, name)
  }
  return found
}

/** A list, or an empty one where something else stands. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A text, or an empty one where something else stands. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
