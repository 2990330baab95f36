import { readFileSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Diagnostic, MortiseError } from '../errors.ts'

/** A frame of V8's that names a file. */
const frame = /(file:\/\/[^\s()]+):(\d+):(\d+)/

/**
 * A failure with the places that are wrong as its author names them, each with the line that is there; of code that threw while it was
 * loaded, the place where it did.
 */
export function withPlaces(error: MortiseError): MortiseError {
  const found = error.details.diagnostics ?? thrown(error)
  if (found.length === 0) return error
  const diagnostics = found.map((diagnostic) => withLine(named(diagnostic)))
  return new MortiseError(error.code, error.message, { ...error.details, diagnostics, cause: error.cause })
}

function thrown({ cause }: MortiseError): readonly Diagnostic[] {
  const [, file, line, column] = (cause instanceof Error ? frame.exec(cause.stack ?? '') : undefined) ?? []
  if (file === undefined || file.includes('/node_modules/')) return []
  return [{ message: String(cause), file, line: Number(line), column: Number(column) }]
}

/** Relative to the working directory. */
function named(diagnostic: Diagnostic): Diagnostic {
  const { file } = diagnostic
  if (file?.startsWith('file:') !== true) return diagnostic
  return { ...diagnostic, file: relative(process.cwd(), fileURLToPath(file)).split(sep).join('/') }
}

function withLine(diagnostic: Diagnostic): Diagnostic {
  const { file, line } = diagnostic
  if (file === undefined || line === undefined) return diagnostic
  try {
    const source = readFileSync(resolve(file), 'utf8').split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]
    return source === undefined ? diagnostic : { ...diagnostic, source }
  } catch {
    // It is gone, or no file of this disk.
    return diagnostic
  }
}
