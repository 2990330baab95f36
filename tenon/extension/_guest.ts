import { blocks, heapSize, inUse } from './_heap'

export { WasmOnReadValue, mortise_on_read_value } from './_reads'

/*
 * Internal: what a guest of ABI 0.0.1 exports beside its extensions. The counters are for tests.
 */

/** Says which ABI the guest was built for. */
export function WasmAbiVersion_0_0_1(): void {}

/** Room that the host writes texts and bytes to, which it never gives back. */
export function malloc(bytes: usize): usize {
  return heap.alloc(bytes)
}

export function free(at: usize): void {
  heap.free(at)
}

export function WasmGetHeapInuse(): i64 {
  return inUse()
}

export function WasmGetHeapSys(): i64 {
  return heapSize()
}

/** Blocks that are in use, since freed ones are not counted. */
export function WasmGetMallocs(): i64 {
  return blocks()
}

export function WasmGetFrees(): i64 {
  return 0
}

export function WasmGC(): void {
  __collect()
}
