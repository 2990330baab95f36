import { type Encoding, widest } from './text.ts'

/** How many bytes a string has, from its length as the guest gives it. */
const bytes: { readonly [E in Encoding]: string } = {
  utf8: 'n',
  utf16: 'n * 2',
  'latin1+utf16': '(n < 0x80000000 ? n : (n - 0x80000000) * 2)',
}

/** A string out of the range that was decoded at once. */
const part: { readonly [E in Encoding]: string } = {
  utf8: 'return range.slice(q - low, q - low + n)',
  utf16: `const start = (q - low) / 2, text = range.slice(start, start + n)
return isCut(text) ? x.read(q, n) : text`,
  'latin1+utf16': 'return ""',
}

/**
 * The code that every codec of an encoding begins with. Before a value is read its strings are seen: they widen the range from
 * `low` to `high` and use up `left`, how many bytes the value may still have (overlapping strings and lists could be more than
 * the memory). All are then checked at once, and where they lie close together, `range` is the text of all of it.
 */
export function textCode(encoding: Encoding): string {
  return `let low = 0, high = 0, left = 0, odd = 0, wide = false, range
function begin() { low = 0x100000000; high = 0; odd = 0; left = m.memory.limit }
function see(q, n) {
if (n === 0) return
const size = ${bytes[encoding]}, end = q + size
if (q < low) low = q
if (end > high) high = end
left -= size
odd |= q
}
function end() {
if (left < 0 || high > m.u8.length${encoding === 'utf8' ? '' : ' || (odd & 1) !== 0'}) t.refuse(left, high)
wide = high - low > ${widest}
range = wide ? undefined : high === 0 ? "" : x.open(low, high)
}
function string(q, n) {
if (range === undefined) return x.read(q, n)
${part[encoding]}
}`
}
