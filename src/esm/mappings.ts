/** What a source map says: where in the source each marked place of a printed text comes from, in the order of the text. */
export interface Mappings {
  /** Three numbers a mark: column in the printed text, line and column in the source. All count from 0. */
  readonly marks: Int32Array
  /** Of each line of the printed text, the index of its first mark; then the number of all marks. */
  readonly lines: readonly number[]
}

const comma = 44
const semicolon = 59
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const digits = new Uint8Array(128)
for (let value = 0; value < alphabet.length; value++) digits[alphabet.charCodeAt(value)] = value

/** Decodes the `mappings` of a source map of one source (ECMA-426, "Mappings structure"). */
export function decodeMappings(text: string): Mappings {
  const marks = new Int32Array(3 * Math.ceil((text.length + 1) / 2))
  const lines = [0]
  let count = 0
  let at = 0
  let generated = 0
  let line = 0
  let column = 0

  const number = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 5) {
      const digit = digits[text.charCodeAt(at++)] ?? 0
      value |= (digit & 31) << shift
      if (digit < 32) return (value & 1) === 1 ? -(value >>> 1) : value >>> 1
    }
  }
  const ended = (): boolean => {
    const next = at < text.length ? text.charCodeAt(at) : semicolon
    return next === comma || next === semicolon
  }

  while (at < text.length) {
    const next = text.charCodeAt(at)
    if (next === semicolon) {
      at++
      generated = 0
      lines.push(count)
    } else if (next === comma) at++
    else {
      generated += number()
      if (ended()) continue
      number() // The index of the source: there is one.
      line += number()
      column += number()
      if (!ended()) number() // The index of a name.
      marks.set([generated, line, column], 3 * count++)
    }
  }
  lines.push(count)
  return { marks: marks.subarray(0, 3 * count), lines }
}
