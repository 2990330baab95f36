import type { Diagnostic, MortiseError } from '../errors.ts'
import { type Terminal, UsageError } from './command.ts'
import { printable } from './format.ts'

/** An error as a line of JSON, for machines. */
export function errorJson(error: MortiseError | UsageError): string {
  if (error instanceof UsageError)
    return `${JSON.stringify({ ok: false, error: { code: 'USAGE', message: error.message } })}\n`
  const { code, message, details } = error
  return `${JSON.stringify({ ok: false, error: { code, message, ...details } })}\n`
}

/** An error as a person reads it: the sentence, what the compiler said, the guest's stack. */
export function errorText({ code, message, details }: MortiseError, { colors }: Pick<Terminal, 'colors'>): string {
  const label = colors ? `\u001B[31m${code}\u001B[39m` : code
  const diagnostics = (details.diagnostics ?? []).map((diagnostic) => {
    const { file, line, column, message: text } = diagnostic
    const place = file === undefined ? '' : `${[file, line, column].filter((part) => part !== undefined).join(':')} `
    return `  ${place}${text}\n${sourceLine(diagnostic)}`
  })
  const frames = (details.frames ?? []).map(
    ({ function: name, index, offset }) => `    at ${name} (wasm-function[${index}]:0x${offset.toString(16)})\n`,
  )
  const text = `${message}\n${diagnostics.join('')}${frames.join('')}`
  return `${label} ${printable(text, '\n\t')}`
}

/** The line that a diagnostic is about, and below it a mark where. */
function sourceLine({ source, line = 0, column }: Diagnostic): string {
  if (source === undefined) return ''
  const number = `    ${line} | `
  // Of a line without end only where it goes wrong is of use.
  const from = Math.max(0, (column ?? 1) - 60)
  const shown = source.slice(from, from + 100)
  if (column === undefined) return `${number}${shown}\n`
  const before = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
  return `${number}${shown}\n${' '.repeat(number.length - 2)}| ${before}^\n`
}
