import type { Diagnostic } from '../errors.ts'
import type { Message, Range } from './assemblyscript.ts'
import type { Glue } from './glue/glue.ts'
import { type Sources, userPath } from './sources.ts'

/** Where the glue begins in the entry file, and what a mistake from there on is about. */
export interface Seam {
  readonly path: string
  readonly offset: number
  readonly range: Range
  readonly blame?: Glue['blame']
}

/** The path by which the compiler knows the module of the glue. */
export const gluePath = '__tenon.ts'

/** How messages begin that a library wrote for its users. */
const stating = 'User-defined: '

/** Turns the compiler's messages into ones that name the user's files as the user would. */
export function toDiagnostics(messages: readonly Message[], sources: Sources, seam: Seam | undefined): Diagnostic[] {
  const seen = new Set<string>()
  return messages
    .map((message) => toDiagnostic(message, sources, seam))
    .filter((diagnostic) => {
      // A generic function is compiled once per type, and says the same each time.
      const key = JSON.stringify(diagnostic)
      return !seen.has(key) && seen.add(key)
    })
}

/** A diagnostic in a sentence's own words, with its place in front. */
export function show({ message, file, line, column }: Diagnostic): string {
  return file === undefined
    ? message
    : `${[file, line, column].filter((part) => part !== undefined).join(':')}: ${message}`
}

/** The place of a range in the user's files, if it lies in one. */
export function place(range: Range | null, sources: Sources, seam?: Seam): Omit<Diagnostic, 'message'> | undefined {
  if (range === null) return undefined
  const { source, start } = range
  if (!sources.holds(source) || source.normalizedPath === gluePath) return undefined
  if (seam !== undefined && source.normalizedPath === seam.path && start >= seam.offset)
    return place(seam.range, sources)
  const path = sources.locate(source.normalizedPath)
  if (path === undefined) return undefined
  return { file: userPath(path), line: source.lineAt(start), column: source.columnAt() }
}

function toDiagnostic({ message, range, relatedRange }: Message, sources: Sources, seam: Seam | undefined): Diagnostic {
  const at = place(range, sources, seam) ?? place(relatedRange, sources, seam)
  if (at !== undefined) return { message: plain(message), ...at }
  const blame = range?.source.normalizedPath === gluePath ? seam?.blame?.(range.start) : undefined
  const about = seam === undefined ? undefined : place(blame?.range ?? seam.range, sources)
  if (blame !== undefined) return { message: `${plain(message)}: ${blame.wanted}`, ...about }
  const library = range?.source.normalizedPath
  const stated = message.startsWith(stating) || library?.startsWith('~lib/') !== true
  return { message: stated ? plain(message) : `${plain(message)} (in ${library})`, ...about }
}

/** In the words of the guest's author, not of the compiler. */
function plain(message: string): string {
  return message
    .replace(/^User-defined: "(.*)"$/, '$1')
    .replace(/^File '~lib\/(.+)\.ts' not found/, "Module '$1' not found")
    .replaceAll('~lib/string/String', 'string')
    .replaceAll(/(?:[\w~@.-]+\/)+(?=[A-Z])/g, '')
    .replaceAll('~lib/', '')
    .replace(/\.$/, '')
}
