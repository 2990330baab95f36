import type { UnpackLimits } from './limits.ts'
import { quote, tooLarge, unsafe } from './refused.ts'

/** The longest name that file systems take, in bytes. */
const longestName = 255

/** What Windows takes for a device, or cannot spell. */
const unspeakable = /^(?:aux|con|nul|prn|com\d|lpt\d)(?:\.|$)|[<>:"|?*]|[. ]$/i

/**
 * The names of which a path of an archive is made, none of them `.` or `..`; empty for the root itself.
 *
 * @throws MortiseError `CODE_UNSAFE` for a path that leads out, or that some system would read in another way;
 *   `CODE_TOO_LARGE` for one that is too long or too deep
 */
export function parsePath(path: string, limits: UnpackLimits): readonly string[] {
  if (path.includes('\0')) throw unsafe(`the path ${quote(path)} holds a zero byte`)
  if (path.includes('\\')) throw unsafe(`the path ${quote(path)} holds a backslash, which leads out on some systems`)
  if (path.startsWith('/')) throw unsafe(`the path ${quote(path)} is absolute`)
  if (/^[A-Za-z]:/.test(path)) throw unsafe(`the path ${quote(path)} begins with a drive`)
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  if (names.includes('..')) throw unsafe(`the path ${quote(path)} leads out of its folder`)
  const bytes = Buffer.byteLength(path)
  if (bytes > limits.path) throw tooLarge(`a path of ${bytes} bytes`, bytes, limits.path)
  if (names.length > limits.depth + 1)
    throw tooLarge(`a file ${names.length - 1} folders deep`, names.length - 1, limits.depth)
  for (const name of names) {
    const length = Buffer.byteLength(name)
    if (length > longestName) throw tooLarge(`a name of ${length} bytes`, length, longestName)
    if (process.platform === 'win32' && unspeakable.test(name))
      throw unsafe(`the name ${quote(name)} means something else on this system`)
  }
  return names
}
