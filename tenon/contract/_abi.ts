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

/*
 * Room for what the host reads: the results of hooks, and what host functions are passed. Nobody holds on to it, so it is taken
 * from one block after the other, and all of it is free again when the next call begins. Blocks are kept: without a collector
 * nothing that was freed comes back. Their sizes are powers of two, so that they fit again. A block begins with the one before
 * it, and where that was taken from, and its own size.
 */
const least: usize = 4096
const head: usize = 16
let spare: usize = 0
let block: usize = made(least)
let end: usize = block + least
let top: usize = block + head

/** Internal: a call begins. */
export function begin(): void {
  // This collector only runs when it is told to, and between two calls is the one time when no reference is on the stack.
  if (ASC_RUNTIME == 1) __collect()
  while (load<usize>(block) != 0) back()
  top = block + head
}

/** Internal: room for some values of a size, aligned to no more than 8. */
export function room(count: i32, size: usize, align: usize): usize {
  const at = (top + align - 1) & ~(align - 1)
  const bytes = <usize>count * size
  if (at + bytes > end) return more(bytes)
  top = at + bytes
  return at
}

function more(bytes: usize): usize {
  const next = found(head + bytes)
  store<usize>(next, block)
  store<usize>(next, top, 4)
  block = next
  end = next + load<usize>(next, 8)
  top = next + head + bytes
  return next + head
}

function found(size: usize): usize {
  let before: usize = 0
  for (let at = spare; at != 0; before = at, at = load<usize>(at)) {
    if (load<usize>(at, 8) < size) continue
    if (before == 0) spare = load<usize>(at)
    else store<usize>(before, load<usize>(at))
    return at
  }
  return made(max(least, <usize>1 << (32 - clz(<u32>size - 1))))
}

function made(size: usize): usize {
  const at = heap.alloc(size)
  store<usize>(at, 0)
  store<usize>(at, size, 8)
  return at
}

function back(): void {
  const last = block
  block = load<usize>(last)
  top = load<usize>(last, 4)
  end = block + load<usize>(block, 8)
  store<usize>(last, spare)
  spare = last
}

/** Internal: where room is taken from next. */
export function mark(): usize {
  return top
}

/** Internal: gives back all room that was taken since. */
export function release(mark: usize): void {
  while (mark < block || mark > end) back()
  top = mark
}
