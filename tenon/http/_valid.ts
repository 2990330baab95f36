/*
 * Whether a text is JSON, by RFC 8259. What comes from a network may be anything, and json-as reads what is none as something.
 */

/** Arrays and objects that may lie in one another. */
const deepest: i32 = 256

let source: string = ''
let at: i32 = 0

/** Internal: whether a text is one JSON value, and no more than 256 values lie in one another. */
export function isJSON(text: string): bool {
  source = text
  at = 0
  let valid = value(0)
  blanks()
  if (at < source.length) valid = false
  source = ''
  return valid
}

function value(depth: i32): bool {
  blanks()
  const first = unit()
  if (first == 0x7b) return depth < deepest && members(depth)
  if (first == 0x5b) return depth < deepest && elements(depth)
  if (first == 0x22) return quoted()
  if (first == 0x74) return word('true')
  if (first == 0x66) return word('false')
  if (first == 0x6e) return word('null')
  return number()
}

function members(depth: i32): bool {
  at++
  blanks()
  if (take(0x7d)) return true
  do {
    blanks()
    if (unit() != 0x22 || !quoted()) return false
    blanks()
    if (!take(0x3a) || !value(depth + 1)) return false
    blanks()
  } while (take(0x2c))
  return take(0x7d)
}

function elements(depth: i32): bool {
  at++
  blanks()
  if (take(0x5d)) return true
  do {
    if (!value(depth + 1)) return false
    blanks()
  } while (take(0x2c))
  return take(0x5d)
}

function quoted(): bool {
  for (at++; at < source.length; at++) {
    const one = source.charCodeAt(at)
    if (one == 0x22) {
      at++
      return true
    }
    if (one < 0x20) return false
    if (one == 0x5c && !escape()) return false
  }
  return false
}

/** At a backslash; ends at the last unit of what it escapes. */
function escape(): bool {
  at++
  if ('"\\/bfnrt'.indexOf(source.charAt(at)) >= 0) return at < source.length
  if (unit() != 0x75) return false
  for (let i = 0; i < 4; i++) {
    at++
    const small = unit() | 0x20
    if (!(digit(unit()) || (small >= 0x61 && small <= 0x66))) return false
  }
  return true
}

function number(): bool {
  take(0x2d)
  if (!take(0x30) && !digits()) return false
  if (take(0x2e) && !digits()) return false
  if ((unit() | 0x20) != 0x65) return true
  at++
  if (!take(0x2b)) take(0x2d)
  return digits()
}

function digits(): bool {
  const start = at
  while (digit(unit())) at++
  return at > start
}

function word(text: string): bool {
  if (!source.startsWith(text, at)) return false
  at += text.length
  return true
}

function blanks(): void {
  for (; at < source.length; at++) {
    const one = source.charCodeAt(at)
    if (one != 0x20 && one != 0x0a && one != 0x0d && one != 0x09) return
  }
}

function take(wanted: i32): bool {
  if (unit() != wanted) return false
  at++
  return true
}

/** The unit that is next, or -1 at the end. */
function unit(): i32 {
  return at < source.length ? source.charCodeAt(at) : -1
}

function digit(one: i32): bool {
  return one >= 0x30 && one <= 0x39
}
