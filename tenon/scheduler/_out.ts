import { encodeTo, sizeOf, startOf, utf8 } from './_text'

/*
 * What is written for the host: one buffer, which grows and is used again.
 */
let buffer: usize = 0
let capacity: usize = 0
let length: usize = 0

/** Internal: begins anew. */
export function clear(): void {
  length = 0
}

/** Internal: where it lies, once it is written. */
export function start(): usize {
  return buffer
}

/** Internal: how many bytes are written. */
export function size(): i32 {
  return <i32>length
}

function reserve(more: usize): usize {
  if (length + more > capacity) {
    const larger = max(capacity << 1, max<usize>(length + more, 256))
    const moved = heap.alloc(larger)
    memory.copy(moved, buffer, length)
    if (buffer != 0) heap.free(buffer)
    buffer = moved
    capacity = larger
  }
  return buffer + length
}

/** Internal: one byte. */
export function put(byte: u8): void {
  store<u8>(reserve(1), byte)
  length++
}

/** Internal: four bytes, the lowest first. */
export function putWord(word: u32): void {
  store<u32>(reserve(4), word)
  length += 4
}

/** Internal: a `string` or a `Text`. */
export function putText<T>(text: T): void {
  if (isString<T>()) {
    const string = changetype<string>(text)
    length += encodeTo(reserve(<usize>string.length * 3), string)
  } else {
    const packed = utf8<T>(text)
    memory.copy(reserve(sizeOf(packed)), startOf(packed), sizeOf(packed))
    length += sizeOf(packed)
  }
}

/** Internal: a text and the 0 that ends it. A 0 inside of it, which would end it early, becomes U+FFFD. */
export function putTerminated<T>(text: T): void {
  const begin = length
  putText<T>(text)
  let zeros: usize = 0
  for (let i = begin; i < length; i++) if (load<u8>(buffer + i) == 0) zeros++
  if (zeros != 0) {
    reserve(zeros << 1)
    let to = length + (zeros << 1)
    const end = to
    for (let from = length; from > begin; ) {
      const byte = load<u8>(buffer + --from)
      if (byte != 0) {
        store<u8>(buffer + --to, byte)
        continue
      }
      to -= 3
      store<u16>(buffer + to, 0xbfef)
      store<u8>(buffer + to, 0xbd, 2)
    }
    length = end
  }
  put(0)
}

/** Internal: a whole number in decimal. */
export function putInteger(value: i64): void {
  if (value < 0) put(0x2d)
  putDigits(value < 0 ? 0 - <u64>value : <u64>value)
}

function putDigits(value: u64): void {
  if (value >= 10) putDigits(value / 10)
  put(<u8>(0x30 + (value % 10)))
}

/** Internal: a text in JSON, in quotes. */
export function putQuoted<T>(text: T): void {
  put(0x22)
  const begin = length
  putText<T>(text)
  const bytes = length - begin
  let plain = true
  for (let i = begin; i < length; i++) if (escapes(load<u8>(buffer + i))) plain = false
  if (!plain) {
    // Each byte takes six at most: the text moves to the end of that, and comes back byte by byte.
    reserve(bytes * 5)
    const from = buffer + begin + bytes * 5
    memory.copy(from, buffer + begin, bytes)
    length = begin
    for (let i: usize = 0; i < bytes; i++) putEscaped(load<u8>(from + i))
  }
  put(0x22)
}

function escapes(byte: u8): bool {
  return byte < 0x20 || byte == 0x22 || byte == 0x5c
}

function putEscaped(byte: u8): void {
  if (!escapes(byte)) return put(byte)
  put(0x5c)
  if (byte >= 0x20) return put(byte)
  put(0x75)
  put(0x30)
  put(0x30)
  put(0x30 + (byte >> 4))
  put((byte & 15) < 10 ? 0x30 + (byte & 15) : 0x57 + (byte & 15))
}
