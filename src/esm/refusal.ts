import { type Diagnostic, MortiseError } from '../errors.ts'

/** Why a path, or a package, means nothing to a module without a file. */
export const withoutPlace =
  'a module that came as bytes has no place where a path could start or a package could be found'

/** Refuses an import: `MODULE_REFUSED`. */
export function refuseImport(what: string, importer: string, why: string, cause?: unknown): never {
  throw new MortiseError('MODULE_REFUSED', `Cannot import '${what}' into ${importer}: ${why}`, {
    problems: [why],
    ...(cause !== undefined && { cause }),
  })
}

/** Refuses a source that does not parse: `MODULE_REFUSED`. */
export function refuseSource(file: string, diagnostic: Diagnostic, cause?: unknown): never {
  const { message, line, column } = diagnostic
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  throw new MortiseError('MODULE_REFUSED', `Cannot load the ES module ${file}: ${message}, at ${place}`, {
    problems: [`${place}: ${message}`],
    diagnostics: [{ ...diagnostic, file }],
    ...(cause !== undefined && { cause }),
  })
}
