/*
 * How much of the heap is in use, for `WasmGetHeapInuse` and its like. Neither of AssemblyScript's allocators counts, but blocks lie
 * side by side, each with its size before it.
 */
const alignment: usize = 15
const overhead: usize = 4
const rootSize: usize = 1572
const free: usize = 1
const tags: usize = 3

/** How many blocks there are. Those that were freed are not counted. */
export function blocks(): i64 {
  return walk(false)
}

/** How many bytes they take, with what the allocator adds. */
export function inUse(): i64 {
  return walk(true)
}

/** How many bytes the heap is. */
export function heapSize(): i64 {
  return (<i64>memory.size() << 16) - <i64>__heap_base
}

function walk(bytes: bool): i64 {
  return ASC_RUNTIME == 0 ? walkStub(bytes) : walkTlsf(bytes)
}

function walkStub(bytes: bool): i64 {
  // Takes the next block, to know where it is, and gives it back.
  const probe = heap.alloc(0)
  heap.free(probe)
  let found: i64 = 0
  for (let at = align(__heap_base); at < probe - overhead; at += overhead + load<usize>(at))
    found += bytes ? overhead + load<usize>(at) : 1
  return found
}

function walkTlsf(bytes: bool): i64 {
  // Without a first block yet, there is nothing here but zeros.
  let found: i64 = 0
  let at = align(((__heap_base + alignment) & ~alignment) + rootSize)
  for (let info = load<usize>(at); (info & ~tags) != 0; info = load<usize>(at)) {
    if ((info & free) == 0) found += bytes ? overhead + (info & ~tags) : 1
    at += overhead + (info & ~tags)
  }
  return found
}

// @ts-ignore: decorator
@inline
function align(at: usize): usize {
  return ((at + overhead + alignment) & ~alignment) - overhead
}
