/**
 * Internal: exported by every guest, so that the host can put a text into it. The text is pinned: whichever function of
 * tenon takes it over lets go of it.
 *
 * @param bytes - its length in bytes, two for each UTF-16 code unit; traps where it is odd or negative
 * @returns the address that the host writes the code units to
 */
export function string_new(bytes: i32): usize {
  if (bytes & 0x80000001) unreachable()
  return __pin(__new(bytes, idof<string>()))
}

/**
 * Internal: a text as a JSON string. Code units that no UTF-8 can carry (halves of surrogate pairs) are escaped, so the
 * outcome is valid in every encoding.
 *
 * @param text - any text
 * @returns it in quotes
 */
export function quote(text: string): string {
  let json = '"'
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x20 && unit != 0x22 && unit != 0x5c && (unit & 0xf800) != 0xd800) continue
    if ((unit & 0xfc00) == 0xd800 && i + 1 < text.length && (text.charCodeAt(i + 1) & 0xfc00) == 0xdc00) {
      i++
      continue
    }
    json += text.substring(start, i)
    if (unit == 0x22 || unit == 0x5c) json += '\\' + String.fromCharCode(unit)
    else json += '\\u' + hex(unit >> 12) + hex(unit >> 8) + hex(unit >> 4) + hex(unit)
    start = i + 1
  }
  return json + text.substring(start) + '"'
}

function hex(value: i32): string {
  const digit = value & 15
  return String.fromCharCode(digit < 10 ? 0x30 + digit : 0x57 + digit)
}
