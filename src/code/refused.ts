import { type Diagnostic, MortiseError, reasonOf } from '../errors.ts'
import type { CodeRuntime } from './code.ts'

/** The disk failed: `CODE_FOLDER`. */
export function folderFailed(cause: unknown): MortiseError {
  if (MortiseError.is(cause)) return cause
  return new MortiseError('CODE_FOLDER', `Cannot write the posted code: ${reasonOf(cause)}`, { cause })
}

/** Nothing to run: `CODE_NOT_RUNNABLE`. */
export function notRunnable(
  why: string,
  details: { readonly output?: string; readonly diagnostics?: readonly Diagnostic[]; readonly cause?: unknown } = {},
): MortiseError {
  return new MortiseError('CODE_NOT_RUNNABLE', `Cannot run the code: ${why}`, details)
}

/** Nothing came of compiling: `COMPILE_FAILED`. */
export function compileFailed(
  why: string,
  details: {
    readonly output?: string
    readonly diagnostics?: readonly Diagnostic[]
    readonly limit?: number
    readonly cause?: unknown
  },
): MortiseError {
  return new MortiseError('COMPILE_FAILED', `Cannot compile the code: ${why}`, details)
}

/** Checks that one of these runtimes is allowed, and gives the first that is: `RUNTIME_NOT_ALLOWED`. */
export function chooseRuntime(
  what: string,
  runtimes: readonly CodeRuntime[],
  allowed: ReadonlySet<CodeRuntime>,
): CodeRuntime {
  const runtime = runtimes.find((one) => allowed.has(one))
  if (runtime !== undefined) return runtime
  throw new MortiseError(
    'RUNTIME_NOT_ALLOWED',
    `Cannot run the code: it is ${what}, which needs the runtime '${runtimes.join("' or '")}', and only '${[...allowed].join("', '")}' is allowed here`,
  )
}
