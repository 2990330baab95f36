import type { LogLevel } from '../../units.ts'
import { severities, type Severity } from './options.ts'

/** The level of each severity in the log of a plugin. A guest that logs as `fatal` goes on all the same. */
const levels: readonly LogLevel[] = ['info', 'warn', 'error', 'error']

/** The level of a severity, by its number. */
export const levelOf = (severity: number): LogLevel => levels[severity] ?? 'error'

/** The number of a severity. */
export const numberOf = (severity: Severity): number => severities.indexOf(severity)

/** A message with its pairs as klog writes them: `"message" key="value"`. */
export function structured(message: string, pairs: readonly string[]): string {
  let text = quoted(message)
  for (let index = 0; index < pairs.length; index += 2)
    text += ` ${pairs[index] ?? ''}${shown(pairs[index + 1] ?? '(MISSING)')}`
  return text
}

/** A value of several lines gets a block of its own. */
function shown(value: string): string {
  if (!value.includes('\n')) return `=${quoted(value)}`
  const lines = value.split('\n').map((line) => `\t${line}`)
  return `=<\n${lines.join('\n')}\n >`
}

/** As Go quotes a text. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- those are what is escaped
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (character) => {
    return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${escaped}"`
}

const named: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}
