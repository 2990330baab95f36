export { begin, mark, release, room } from '../_room'

/**
 * Internal: exported by every guest of a typed contract, so that the host can put texts and lists into it. What it makes is an
 * object of AssemblyScript's, so that a text or a list of numbers is used where it lies. It is pinned until it is.
 *
 * @returns a place that is aligned to 16
 */
export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  const made = __pin(__new(size, idof<string>()))
  if (old != 0) {
    memory.copy(made, old, min(oldSize, size))
    __unpin(old)
  }
  return made
}

/** Internal: the text of some code units that the host put at a place. */
export function text(at: usize, length: i32): string {
  if (length == 0) return ''
  __unpin(at)
  return changetype<string>(at)
}

/** Internal: the list of some numbers that the host put at a place. */
export function numbers<T extends ArrayBufferView>(at: usize, length: i32): T {
  if (length == 0) return instantiate<T>(0)
  const list = wrap<T>(changetype<ArrayBuffer>(at), length)
  __unpin(at)
  return list
}

// @ts-ignore: decorator
@inline
function wrap<T extends ArrayBufferView>(buffer: ArrayBuffer, length: i32): T {
  const list = changetype<T>(__new(offsetof<T>(), idof<T>()))
  store<usize>(changetype<usize>(list), changetype<usize>(buffer), offsetof<T>('buffer'))
  __link(changetype<usize>(list), changetype<usize>(buffer), false)
  store<usize>(changetype<usize>(list), changetype<usize>(buffer), offsetof<T>('dataStart'))
  store<i32>(changetype<usize>(list), length * sizeof<valueof<T>>(), offsetof<T>('byteLength'))
  return list
}

/** Internal: a place that the host put values at, which have been read. */
export function drop(at: usize): void {
  __unpin(at)
}
