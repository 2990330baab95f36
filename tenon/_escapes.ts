/**
 * Internal: goes before everything that json-as reads. It looks for the end of a text by the backslash before a quote, and so
 * loses its way after `"C:\\"`, which is valid. Here quotes and backslashes are escaped by their numbers instead, which means
 * the same and holds no backslash before a quote. A text without backslashes is not copied.
 *
 * @param json - a JSON text, or anything else; what was not JSON is none afterwards
 * @returns the same value as JSON
 */
export function normalizeJSONEncoding(json: string): string {
  const first = json.indexOf('\\')
  if (first < 0) return json
  const from = changetype<usize>(json)
  const end = from + (<usize>json.length << 1)
  const begin = from + (<usize>first << 1)
  // Once to know how long it gets, once to write it: joining pieces would copy the whole text at every escape.
  let bytes = json.length << 1
  for (let at = begin; at + 2 < end; at += 2) {
    if (load<u16>(at) != 0x5c) continue
    at += 2
    const unit = load<u16>(at)
    if (unit == 0x22 || unit == 0x5c) bytes += 8
    else if (unit == 0x2f) bytes -= 2
  }
  const text = __new(bytes, idof<string>())
  memory.copy(text, from, begin - from)
  let to = text + (begin - from)
  for (let at = begin; at < end; at += 2) {
    const unit = load<u16>(at)
    if (unit != 0x5c || at + 2 >= end) {
      store<u16>(to, unit)
      to += 2
      continue
    }
    at += 2
    const escaped = load<u16>(at)
    if (escaped == 0x22 || escaped == 0x5c) {
      store<u64>(to, 0x00300030_0075005c) // \u00
      store<u32>(to, escaped == 0x22 ? 0x00320032 : 0x00630035, 8)
      to += 12
    } else if (escaped == 0x2f) {
      store<u16>(to, escaped)
      to += 2
    } else {
      store<u16>(to, 0x5c)
      store<u16>(to, escaped, 2)
      to += 4
    }
  }
  return changetype<string>(text)
}
