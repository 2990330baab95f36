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
 * `low` to `high` and use up `left`, how many bytes of the host the value may still take (strings and lists that overlap could be more
 * than the memory). All are then checked at once, and where they lie close together, `range` is the text of all of it.
 */
export function textCode(encoding: Encoding): string {
  return `let low = 0, high = 0, left = 0, odd = 0, wide = false, range
function begin() { low = 0x7ffffffe; high = 0; odd = 0; left = t.budget }
function note(l, h, o, used) {
if (l < low) low = l
if (h > high) high = h
odd |= o
left -= used
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

/** Around statements that see: they work on variables of their own, which are quicker than those that all functions share. */
export function noting(see: string): string {
  return see === '' ? '' : `{\nlet l = 0x7ffffffe, h = 0, o = 0, used = 0\n${see}note(l, h, o, used)\n}\n`
}

/** Statements that see a string. */
export function seeString(encoding: Encoding, pointer: string, length: string): string {
  return `{ const q = ${pointer}, n = ${length}
if (n !== 0) { const size = ${bytes[encoding]}, e = q + size
if (q < l) l = q
if (e > h) h = e
used += size${encoding === 'utf8' ? '' : '\no |= q'} } }\n`
}
