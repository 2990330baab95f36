import { mark, release, room } from '../_room'

/*
 * Texts go to the host as UTF-8. Those that are written in the guest's source never change, and are encoded once, by the place where
 * they lie, into memory that is set aside for that: names cost a look into a table, and nothing is allocated. Any other text is
 * encoded for the one call.
 */
const slots: usize = 512
/** Beyond it the table would be slow to search; texts from then on are encoded each time. */
const fullest: i32 = 384
const entrySize: usize = 16
const table: usize = memory.data(8192)
const bytes: usize = memory.data(8192)
const bytesEnd: usize = bytes + 8192
let next: usize = bytes
let known: i32 = 0

/** Internal: a text as UTF-8: where it lies, in the upper half, and how many bytes it is. It lasts until `release`. */
export function encode(text: string): u64 {
  const at = changetype<usize>(text)
  if (at >= __heap_base) return encodeTo(room(String.UTF8.byteLength(text), 1, 1), text)
  let entry = table + ((at >> 4) & (slots - 1)) * entrySize
  for (let found = load<usize>(entry); found != at; found = load<usize>(entry)) {
    if (found == 0) return learn(entry, text)
    entry += entrySize
    if (entry == table + slots * entrySize) entry = table
  }
  return load<u64>(entry, 8)
}

function learn(entry: usize, text: string): u64 {
  const length = String.UTF8.byteLength(text)
  if (known == fullest || next + length > bytesEnd) return encodeTo(room(length, 1, 1), text)
  const encoded = encodeTo(next, text)
  next += length
  known++
  store<usize>(entry, changetype<usize>(text))
  store<u64>(entry, encoded, 8)
  return encoded
}

/** Internal: writes a text as UTF-8 to a place; half a surrogate pair becomes U+FFFD. */
export function encodeTo(to: usize, text: string): u64 {
  const from = changetype<usize>(text)
  return pack(to, <i32>String.UTF8.encodeUnsafe(from, text.length, to, false, String.UTF8.ErrorMode.REPLACE))
}

// @ts-ignore: decorator
@inline
export function pack(at: usize, length: i32): u64 {
  return (<u64>at << 32) | <u32>length
}

/** Internal: where packed bytes lie. */
// @ts-ignore: decorator
@inline
export function place(packed: u64): usize {
  return <usize>(packed >> 32)
}

/** Internal: how many packed bytes there are. */
// @ts-ignore: decorator
@inline
export function size(packed: u64): i32 {
  return <i32>packed
}

/** Internal: whether the UTF-8 of a text is at a place. */
export function matches(at: usize, length: i32, text: string): bool {
  const before = mark()
  const other = encode(text)
  const same = size(other) == length && memory.compare(place(other), at, length) == 0
  release(before)
  return same
}
