import { mark, release, room } from '../_room'
import { lengthOf, placeOf, viewOf } from './_view'
import { Text } from './text'

/*
 * Texts are UTF-8 for the host and UTF-16 for AssemblyScript. Nearly all that Kubernetes has are ASCII, and are compared where they lie.
 */

/** Internal: whether a text is at a place. */
export function matches(at: usize, length: i32, text: string): bool {
  return text.length <= length && (text.length == length ? begins(at, length, text) : endsUp(at, length, text))
}

/** Internal: whether a place begins with a text. */
export function begins(at: usize, length: i32, text: string): bool {
  const units = text.length
  if (units > length) return false
  const from = changetype<usize>(text)
  for (let i = 0; i < units; i++) {
    const unit = load<u16>(from + (<usize>i << 1))
    if (unit >= 0x80) return beginsEncoded(at, length, text)
    if (unit != load<u8>(at + i)) return false
  }
  return true
}

/** A text that has fewer units than bytes there are can only be the same where it is not ASCII. */
function endsUp(at: usize, length: i32, text: string): bool {
  return String.UTF8.byteLength(text) == length && beginsEncoded(at, length, text)
}

function beginsEncoded(at: usize, length: i32, text: string): bool {
  const before = mark()
  const encoded = encode(text)
  const same = sizeOf(encoded) <= length && memory.compare(at, startOf(encoded), sizeOf(encoded)) == 0
  release(before)
  return same
}

/** Internal: a text as UTF-8: where it lies, in the upper half, and how many bytes it is. It lasts as long as the room it is in. */
export function encode(text: string): u64 {
  const at = room(text.length, 3, 1)
  return pack(at, <i32>encodeTo(at, text))
}

/** Internal: writes a text as UTF-8 to a place, and gives how many bytes; half a surrogate pair becomes U+FFFD. */
// @ts-ignore: decorator
@inline
export function encodeTo(to: usize, text: string): usize {
  return String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, to, false, String.UTF8.ErrorMode.REPLACE)
}

/** Internal: the bytes of a `string` or a `Text`. */
export function utf8<T>(text: T): u64 {
  if (isNullable<T>()) return utf8<nonnull<T>>(text!)
  else if (isString<T>()) return encode(changetype<string>(text))
  else if (text instanceof Text) return pack(placeOf(text), lengthOf(text))
  else ERROR("it takes a string or a Text")
}

// @ts-ignore: decorator
@inline
export function pack(at: usize, length: i32): u64 {
  return (<u64>at << 32) | <u32>length
}

// @ts-ignore: decorator
@inline
export function startOf(packed: u64): usize {
  return <usize>(packed >> 32)
}

// @ts-ignore: decorator
@inline
export function sizeOf(packed: u64): i32 {
  return <i32>packed
}

/** Internal: the text that packed bytes are. */
export function textOf(packed: u64): Text {
  return viewOf<Text>(startOf(packed), sizeOf(packed))
}
