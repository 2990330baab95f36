const special: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** A value as Go's `encoding/json` writes it: keys of an object sorted, and what HTML and JavaScript take amiss escaped. */
export function goJson(value: Readonly<Record<string, unknown>> | readonly unknown[] | null): string {
  const text = Array.isArray(value) || value === null ? JSON.stringify(value) : ofObject(value)
  return text.replace(/[<>&\u2028\u2029]/g, (character) => special[character] ?? character)
}

/** Written by hand: an object has names that are numbers in an order of its own. */
function ofObject(value: object): string {
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${JSON.stringify(part)}`).join(',')}}`
}
