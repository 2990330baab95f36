/**
 * Internal: takes the place of json-as's reader of integers, which makes other numbers of what it can't read: `1.5` became
 * 85. Here they abort.
 *
 * @typeParam T - an integer type
 * @param start - address of the first of the UTF-16 code units
 * @param end - the address after the last
 */
export function atoi<T>(start: usize, end: usize): T {
  const negative = load<u16>(start) == 0x2d
  let at = negative ? start + 2 : start
  const most = u64.MAX_VALUE >> (64 - (sizeof<T>() << 3) + (isSigned<T>() ? 1 : 0))
  const limit = negative ? (isSigned<T>() ? most + 1 : 0) : most
  let value: u64 = 0
  if (at >= end) refuse(start, end)
  for (; at < end; at += 2) {
    const digit = <u64>load<u16>(at) - 0x30
    if (digit > 9 || value > limit / 10) refuse(start, end)
    value = value * 10 + digit
    if (value > limit || value < digit) refuse(start, end)
  }
  return <T>(negative ? 0 - value : value)
}

function refuse(start: usize, end: usize): void {
  throw new Error('The event has a number that an integer field cannot hold: ' + String.UTF16.decodeUnsafe(start, end - start))
}
