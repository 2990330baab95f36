import type { WasiHost } from './host.ts'

/**
 * Whether `length` bytes from `pointer` lie in the guest's memory. Every pointer from the guest passes here before it is
 * used, so no function can throw a `RangeError` or answer half. What it may write to is marked as written.
 *
 * @param pointer - as wasm hands it over, signed
 * @param length - never negative; may be larger than 32 bits, since it is often a count times a size
 */
export function inMemory(host: WasiHost, pointer: number, length: number): boolean {
  if ((pointer >>> 0) + length > host.bytes().length) return false
  host.mark(pointer, length)
  return true
}
