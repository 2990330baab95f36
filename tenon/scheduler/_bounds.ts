/** Internal: ends the call where a list is shorter. In a place of its own, since each file that throws has its name in the guest. */
export function inRange(index: i32, length: i32): void {
  if (<u32>index >= <u32>length) throw new RangeError('Index out of range')
}
