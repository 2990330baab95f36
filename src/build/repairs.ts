import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * What is wrong in json-as 1.6.0, the exact version that Mortise depends on, and would reach guests as wrong data. Each has a
 * test in `test/tenon/json.test.ts`. Nothing here changes the number of a line.
 */
const repairs: Readonly<Record<string, (text: string) => string>> = {
  // Takes any character for a digit, and wraps: 1.5 became 85. Tenon's refuses.
  'json-as/assembly/util/atoi.ts': () => readFileSync(fileURLToPath(import.meta.resolve('tenon/_integer.ts')), 'utf8'),
  // Leaves decimals to AssemblyScript, which makes 9.008034690132622e+37 of 9.008034690132622e+38. The other reader is right
  // for all usual ones, and for the rest once it is rid of the short cut that it shares: that takes large digits times 1e22.
  'json-as/assembly/util/scientific.ts': (text) => text.replace('if (exp > 22 && exp <= 22 + 15) {', 'if (false) {'),
  'json-as/assembly/deserialize/index/float.ts': (text) =>
    text.replace('return deserializeFloat_NAIVE<', 'return deserializeFloat_SWAR<'),
  'json-as/assembly/index.ts': (text) =>
    text
      // Finds the end of a text by the backslash before a quote, and so breaks on a text that ends in one. Tenon's reader
      // takes such backslashes away first.
      .replace('import { normalizeJSONEncoding,', "import { normalizeJSONEncoding } from 'tenon/_escapes'; import {")
      // Compiles for classes that it can't handle, and throws at run time.
      .replaceAll(/throw new Error\((?=\s+`Could not (?:de)?serialize )/g, `ERROR("${unmarked}"); $&`),
}

const unmarked = 'A class that comes in or goes out as JSON, or a type in one of its fields, is not marked @json'

/** The text of a module of one of Mortise's own packages, as it should be. */
export function repair(name: string, text: string): string {
  return repairs[name]?.(text) ?? text
}
