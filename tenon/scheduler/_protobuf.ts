import { room } from '../_room'
import { List, StringMap } from './collections'
import { View, lengthOf, placeOf, setView, viewOf } from './_view'

/*
 * Reads fields of a message where it lies. Kubernetes writes each field once, so the first one is the one; nothing is decoded that is
 * not asked for, and nothing is kept.
 */

/** Where the varint ended that was read last. */
let after: usize = 0

/** Internal: a varint; `ended` says where the next byte lies. */
export function varint(at: usize): u64 {
  let value: u64 = load<u8>(at++)
  if (value >= 0x80) {
    value &= 0x7f
    for (let shift: u64 = 7; ; shift += 7) {
      const byte: u64 = load<u8>(at++)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
      if (shift > 56) malformed()
    }
  }
  after = at
  return value
}

// @ts-ignore: decorator
@inline
export function ended(): usize {
  return after
}

/** Internal: where the value of a field lies, behind its tag; 0 where there is none. */
export function seek(at: usize, end: usize, number: u32): usize {
  while (at < end) {
    const tag = <u32>varint(at)
    if (tag >> 3 == number) return after
    at = skip(after, end, tag & 7)
  }
  return 0
}

/** Internal: where the value behind a tag ends. */
export function skip(at: usize, end: usize, wire: u32): usize {
  if (wire == 2) {
    const length = sizeAt(at, end)
    return after + length
  }
  if (wire == 0) {
    varint(at)
    return after
  }
  if (wire != 1 && wire != 5) malformed()
  return at + (wire == 1 ? 8 : 4)
}

/** Internal: how many bytes a text or a message has, which `ended` then says the place of. They are all before an end. */
export function sizeAt(at: usize, end: usize): i32 {
  const size = varint(at)
  if (size > <u64>(end - after)) malformed()
  return <i32>size
}

function malformed(): void {
  throw new Error('the host gave an object that is no protobuf')
}

function find(view: View, number: u32): usize {
  const at = placeOf(view)
  return seek(at, at + lengthOf(view), number)
}

/** Internal: a text or message that is always there; an empty one where it is not. */
export function single<T>(view: View, number: u32): T {
  const found = find(view, number)
  return found == 0 ? viewOf<T>(placeOf(view), 0) : delimited<T>(found, view)
}

/** Internal: a text or message that may be there. */
export function optional<T>(view: View, number: u32): T | null {
  const found = find(view, number)
  return found == 0 ? null : delimited<T>(found, view)
}

/** Internal: whether there is a field. */
export function has(view: View, number: u32): bool {
  return find(view, number) != 0
}

/** Internal: a number, or a truth; 0 where there is none. */
export function scalar<T>(view: View, number: u32): T {
  const found = find(view, number)
  return found == 0 ? <T>0 : <T>varint(found)
}

/** Internal: all the values of a field. */
export function list<T>(view: View, number: u32): List<T> {
  const begin = placeOf(view)
  const end = begin + lengthOf(view)
  let count = 0
  for (let at = seek(begin, end, number); at != 0; at = seek(past<T>(at, end), end, number)) count++
  const items = room(count + 1, 8, 8)
  store<i32>(items, count)
  let item = items
  for (let at = seek(begin, end, number); at != 0; at = seek(past<T>(at, end), end, number)) {
    item += 8
    if (isReference<T>()) {
      const length = sizeAt(at, end)
      setView(item, after, length)
    } else {
      store<u64>(item, varint(at))
    }
  }
  return changetype<List<T>>(items)
}

function past<T>(at: usize, end: usize): usize {
  return skip(at, end, isReference<T>() ? 2 : 0)
}

/** Internal: a map from texts, which is looked through when it is asked. */
export function map<V>(view: View, number: u32): StringMap<V> {
  const made = room(1, 12, 8)
  setView(made, placeOf(view), lengthOf(view))
  store<u32>(made, number, 8)
  return changetype<StringMap<V>>(made)
}

function delimited<T>(at: usize, view: View): T {
  const length = sizeAt(at, placeOf(view) + lengthOf(view))
  return viewOf<T>(after, length)
}
