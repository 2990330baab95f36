import { room } from '../_room'
import { pack } from './_text'

/*
 * Reads JSON of the host where it lies: a cursor, and what is at it. Whatever is no JSON ends the call.
 */
let from: usize = 0
let at: usize = 0
let end: usize = 0
let source: string = ''
const deepest: i32 = 64

/** Internal: begins with some bytes; `what` says in a failure what they are. */
export function open(packed: u64, what: string): void {
  from = at = <usize>(packed >> 32)
  end = at + <usize>(<u32>packed)
  source = what
}

/** Internal: where the cursor is. */
export function position(): usize {
  return at
}

/** Internal: goes on from a place. */
export function resume(place: usize): void {
  at = place
}

/** Internal: the next byte that is no space, which stays; 0 at the end. */
export function peek(): u8 {
  while (at < end) {
    const byte = load<u8>(at)
    if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return byte
    at++
  }
  return 0
}

/** Internal: takes a byte, if it is the next one. */
export function accept(byte: u8): bool {
  if (peek() != byte) return false
  at++
  return true
}

/** Internal: takes a byte, which has to be the next one. */
export function expect(byte: u8): void {
  if (!accept(byte)) refuse()
}

/** Internal: whether an object or a list that begins here, or goes on here, has another element; takes what is between them. */
export function another(first: bool, closing: u8): bool {
  if (accept(closing)) return false
  if (!first) expect(0x2c)
  return true
}

/** Internal: the end of everything. */
export function finish(): void {
  if (peek() != 0 || at != end) refuse()
}

/** Internal: a text, packed. It lies where it is, unless something in it is escaped. */
export function text(): u64 {
  expect(0x22)
  const begin = at
  for (; at < end; at++) {
    const byte = load<u8>(at)
    if (byte == 0x22) return pack(begin, <i32>(at++ - begin))
    if (byte == 0x5c) return escaped(begin)
    if (byte < 0x20) refuse()
  }
  refuse()
  return 0
}

function escaped(begin: usize): u64 {
  const to = room(<i32>(end - begin), 1, 1)
  let size = at - begin
  memory.copy(to, begin, size)
  while (at < end) {
    const byte = load<u8>(at++)
    if (byte == 0x22) return pack(to, <i32>size)
    if (byte < 0x20) break
    size += byte == 0x5c ? unescape(to + size) : plain(to + size, byte)
  }
  refuse()
  return 0
}

function plain(to: usize, byte: u8): usize {
  store<u8>(to, byte)
  return 1
}

function unescape(to: usize): usize {
  const byte = at < end ? load<u8>(at++) : 0
  switch (byte) {
    case 0x62:
      return plain(to, 8)
    case 0x66:
      return plain(to, 12)
    case 0x6e:
      return plain(to, 10)
    case 0x72:
      return plain(to, 13)
    case 0x74:
      return plain(to, 9)
    case 0x22:
    case 0x2f:
    case 0x5c:
      return plain(to, byte)
    case 0x75:
      return codePoint(to)
    default:
      refuse()
      return 0
  }
}

function codePoint(to: usize): usize {
  let code = unit()
  const pair = (code & 0xfc00) == 0xd800 && end - at >= 6 && load<u16>(at) == 0x755c
  if (pair) {
    at += 2
    code = 0x10000 + ((code & 0x3ff) << 10) + (unit() & 0x3ff)
  } else if ((code & 0xf800) == 0xd800) {
    code = 0xfffd
  }
  if (code < 0x80) return plain(to, <u8>code)
  if (code < 0x800) return sequence(to, 0xc0, code, 1)
  return code < 0x10000 ? sequence(to, 0xe0, code, 2) : sequence(to, 0xf0, code, 3)
}

function sequence(to: usize, head: u32, code: u32, more: u32): usize {
  store<u8>(to, head | (code >> (6 * more)))
  for (let i: u32 = 1; i <= more; i++) store<u8>(to + i, 0x80 | ((code >> (6 * (more - i))) & 0x3f))
  return more + 1
}

function unit(): u32 {
  let code: u32 = 0
  for (let i = 0; i < 4; i++) {
    const byte = at < end ? load<u8>(at++) : 0
    const digit: u32 = byte - 0x30
    const letter: u32 = (byte | 0x20) - 0x61
    if (digit > 9 && letter > 5) refuse()
    code = (code << 4) | (digit <= 9 ? digit : letter + 10)
  }
  return code
}

/** Internal: a whole number; a fraction or an exponent is none. */
export function integer(): i64 {
  const negative = accept(0x2d)
  const begin = at
  let value: u64 = 0
  for (; at < end && <u32>load<u8>(at) - 0x30 <= 9; at++) {
    const digit = <u64>load<u8>(at) - 0x30
    if (value > (<u64>i64.MAX_VALUE - digit) / 10) refuse()
    value = value * 10 + digit
  }
  if (at == begin || (at < end && (load<u8>(at) == 0x2e || (load<u8>(at) | 0x20) == 0x65))) refuse()
  return negative ? -(<i64>value) : <i64>value
}

/** Internal: goes past a value. */
export function skipValue(depth: i32 = 0): void {
  const byte = peek()
  if (byte == 0x22) {
    text()
  } else if (byte == 0x7b || byte == 0x5b) {
    if (depth == deepest) refuse()
    at++
    for (let first = true; another(first, byte + 2); first = false) {
      if (byte == 0x7b) {
        text()
        expect(0x3a)
      }
      skipValue(depth + 1)
    }
  } else if (byte == 0x74) {
    word('true')
  } else if (byte == 0x66) {
    word('false')
  } else if (byte == 0x6e) {
    word('null')
  } else {
    number()
  }
}

/** Internal: a word, which has to be the next one. */
export function word(word: string): void {
  for (let i = 0; i < word.length; i++) if (at >= end || load<u8>(at++) != word.charCodeAt(i)) refuse()
}

function digits(): void {
  const begin = at
  while (at < end && <u32>load<u8>(at) - 0x30 <= 9) at++
  if (at == begin) refuse()
}

/** Internal: a number, packed as it is written. */
export function number(): u64 {
  peek()
  const begin = at
  if (at < end && load<u8>(at) == 0x2d) at++
  // Nothing but a fraction or an exponent follows a 0.
  if (at < end && load<u8>(at) == 0x30) at++
  else digits()
  if (at < end && load<u8>(at) == 0x2e) {
    at++
    digits()
  }
  if (at < end && (load<u8>(at) | 0x20) == 0x65) {
    at++
    if (at < end && (load<u8>(at) == 0x2b || load<u8>(at) == 0x2d)) at++
    digits()
  }
  return pack(begin, <i32>(at - begin))
}

/** Internal: ends the call. */
export function refuse(): void {
  let where = ''
  for (let rest = at - from; rest > 0 || where.length == 0; rest /= 10) where = String.fromCharCode(<i32>(0x30 + (rest % 10))) + where
  throw new Error(source + ' is not as it should be at byte ' + where)
}
