/*
 * Room for what lasts no longer than a call: what the host reads, and views of what it wrote. It is taken from one block after the
 * other, and all of it is free again when the next call begins. Blocks are kept: without a collector
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
