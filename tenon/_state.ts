import { begin, numbers, room } from './contract/_abi'

/** Internal: begins the call of a guest's `dispose`. */
export function leave(): void {
  begin()
}

/** Internal: where the host reads what `dispose` returned: its place and its length. */
export function give(state: Uint8Array): usize {
  const area = room(1, 8, 4)
  store<usize>(area, state.dataStart)
  store<i32>(area, state.byteLength, 4)
  return area
}

/** Internal: what `accept` is called with. */
export function take(at: usize, length: i32): Uint8Array {
  begin()
  return numbers<Uint8Array>(at, length)
}
