import type { ErrorCode } from '../errors.ts'
import type { LogLevel } from '../units.ts'
import { ProcessFault } from './fault.ts'

const levels: ReadonlySet<unknown> = new Set<LogLevel>(['debug', 'info', 'warn', 'error'])
const isLevel = (value: unknown): value is LogLevel => levels.has(value)

/** What a marked line says. */
type Marked = { readonly log: LogLevel; readonly text: string } | { readonly fault: ProcessFault }

/**
 * Reads a line that is no answer: `#{"level":"info","text":"…"}` is logged by the call that is under way, and
 * `!{"message":"…","stack":"…"}` says that it threw. No JSON begins with these marks.
 */
export function readMarked(line: string): Marked | undefined {
  if (!line.startsWith('#') && !line.startsWith('!')) return undefined
  const fields = parse(line.slice(1))
  const text = (name: string): string | undefined => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : undefined
  }
  if (line.startsWith('#')) {
    const level = fields.get('level')
    return { log: isLevel(level) ? level : 'info', text: text('text') ?? line.slice(1) }
  }
  const message = text('message') ?? line.slice(1)
  const code: ErrorCode = fields.get('result') === true ? 'GUEST_RESULT' : 'GUEST_THREW'
  const thrown = new Error(message)
  thrown.stack = text('stack') ?? ''
  return { fault: new ProcessFault(code, message, {}, thrown) }
}

/** Whether a text without an end of line is a whole JSON object or array, which a part of one never is. */
export function isComplete(text: string): boolean {
  return /^[[{]/.test(text) && parse(text) !== nothing
}

const nothing: ReadonlyMap<string, unknown> = new Map()

function parse(text: string): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return new Map(Object.entries(value ?? {}))
  } catch {
    return nothing
  }
}
