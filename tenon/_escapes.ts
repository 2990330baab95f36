/**
 * Internal: goes before everything that json-as reads. It looks for the end of a text by the backslash before a quote, and so
 * loses its way after `"C:\\"`, which is valid. Here quotes and backslashes are escaped by their numbers instead, which means
 * the same and holds no backslash before a quote. A text without backslashes is not copied.
 *
 * @param json - a JSON text, or anything else; what was not JSON is none afterwards
 * @returns the same value as JSON
 */
export function normalizeJSONEncoding(json: string): string {
  let at = json.indexOf('\\')
  if (at < 0) return json
  let text = ''
  let start = 0
  for (; at >= 0 && at + 1 < json.length; at = json.indexOf('\\', at + 2)) {
    const unit = json.charCodeAt(at + 1)
    if (unit == 0x22) text += json.substring(start, at) + '\\u0022'
    else if (unit == 0x5c) text += json.substring(start, at) + '\\u005c'
    else if (unit == 0x2f) text += json.substring(start, at) + '/'
    else continue
    start = at + 2
  }
  return text + json.substring(start)
}
