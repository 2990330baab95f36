import type { MortiseError } from '../errors.ts'
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
  const diagnostics = (details.diagnostics ?? []).map(({ file, line, column, message: text }) => {
    return `  ${file === undefined ? '' : `${[file, line, column].filter((part) => part !== undefined).join(':')} `}${text}\n`
  })
  const frames = (details.frames ?? []).map(
    ({ function: name, index, offset }) => `    at ${name} (wasm-function[${index}]:0x${offset.toString(16)})\n`,
  )
  const text = `${message}\n${diagnostics.join('')}${frames.join('')}`
  return `${label} ${printable(text, '\n\t')}`
}
