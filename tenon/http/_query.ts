/** Internal: the first parameter of a name in a query, decoded; null where there is none. */
export function parameter(query: string, name: string): string | null {
  for (let start = 0; start <= query.length; ) {
    let end = query.indexOf('&', start)
    if (end < 0) end = query.length
    let equals = query.indexOf('=', start)
    if (equals < 0 || equals > end) equals = end
    if (end > start && decoded(query.substring(start, equals)) == name)
      return decoded(query.substring(min(equals + 1, end), end))
    start = end + 1
  }
  return null
}

/** As forms are encoded: `+` is a space, and what is no escape stands for itself. */
function decoded(text: string): string {
  if (text.indexOf('%') < 0 && text.indexOf('+') < 0) return text
  const bytes = Uint8Array.wrap(String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE))
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]
    if (byte == 0x2b) byte = 0x20
    else if (byte == 0x25 && i + 2 < bytes.length && digit(bytes[i + 1]) >= 0 && digit(bytes[i + 2]) >= 0) {
      byte = <u8>((digit(bytes[i + 1]) << 4) | digit(bytes[i + 2]))
      i += 2
    }
    bytes[length++] = byte
  }
  return String.UTF8.decodeUnsafe(bytes.dataStart, length)
}

function digit(byte: u8): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const small = byte | 0x20
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1
}
