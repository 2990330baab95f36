import type { Diagnostic } from '../errors.ts'

/** How the run-times of the usual languages say on stderr that they give up. */
const forms: readonly { readonly form: RegExp; readonly read: (match: RegExpExecArray) => Diagnostic }[] = [
  {
    // Rust: the place, and the message on the lines below it.
    form: /panicked at ([^\n]+?):(\d+):(\d+):\n([\s\S]*?)(?:\nnote: |\nstack backtrace:|\n?$)/,
    read: ([, file, line, column, message]) => at(message, file, line, column),
  },
  {
    // Rust before 1.73: the message in quotes, and the place behind it.
    form: /panicked at '([\s\S]*?)', ([^\n]+?):(\d+):(\d+)\n/,
    read: ([, message, file, line, column]) => at(message, file, line, column),
  },
  {
    // C's assert, as wasi-libc prints it.
    form: /Assertion failed: ([^\n]*) \(([^\n:]+): [^\n:]*: (\d+)\)/,
    read: ([, message, file, line]) => at(`assertion failed: ${message ?? ''}`, file, line),
  },
  {
    // Go prints goroutines below its message, TinyGo nothing.
    form: /^(?:panic|fatal error): ([^\n]*)(?:[\s\S]*?\n\t([^\n:]+\.go):(\d+)(?! \+0x[0-9a-f]+ fp=))?/m,
    read: ([, message, file, line]) => at(message, file, line),
  },
]

/** TinyGo prints its panics to stdout and nothing after them, so all that follows is the message. Tenon's extensions add the place. */
const printed = /^panic: ([\s\S]*)/m
const placed = /(?:^| )\(([^\n()]*):(\d+):(\d+)\)\n?$/

/** Finds a panic's message, and its place where the language says it, in what a guest wrote before it trapped. */
export function findPanic({ stdout, stderr }: Written): Diagnostic | undefined {
  for (const { form, read } of forms) {
    const match = form.exec(stderr)
    if (match !== null) return read(match)
  }
  const [, said] = printed.exec(stdout) ?? []
  if (said === undefined) return undefined
  const [place, file, line, column] = placed.exec(said) ?? ['']
  return at(said.slice(0, said.length - place.length), file, line, column)
}

/** The end of what a guest wrote to each stream. */
export interface Written {
  /** Both, as they came. */
  readonly both: string
  readonly stdout: string
  readonly stderr: string
}

function at(message = '', file?: string, line?: string, column?: string): Diagnostic {
  return {
    message: message.trim(),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: Number(line) }),
    ...(column !== undefined && { column: Number(column) }),
  }
}
