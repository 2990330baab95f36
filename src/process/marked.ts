import type { ErrorCode } from '../errors.ts'
import type { LogLine } from '../runtime.ts'
import type { LogLevel } from '../units.ts'
import { ProcessFault } from './fault.ts'

const levels: ReadonlySet<unknown> = new Set<LogLevel>(['debug', 'info', 'warn', 'error'])
const isStream = (value: unknown): value is 'stdout' | 'stderr' => value === 'stdout' || value === 'stderr'
const isLevel = (value: unknown): value is LogLevel => levels.has(value)

/** What our part of a process finds wrong itself. */
const own: ReadonlySet<unknown> = new Set<ErrorCode>(['GUEST_RESULT', 'INPUT_INVALID', 'OUTPUT_LIMIT'])
const isOwn = (value: unknown): value is ErrorCode => own.has(value)

/** What a marked line says. */
type Marked = LoggedLine | { readonly fault: ProcessFault }

/** A line that is logged. */
export type LoggedLine = Pick<LogLine, 'source' | 'level' | 'text'>

/** The number that a line begins with, before a space: its call's. `undefined` where there is none. */
export function turnOf(line: string): number | undefined {
  let turn = 0
  for (let index = 0; index < mostDigits; index++) {
    const digit = line.charCodeAt(index) - zero
    if (digit === spaceBeforeZero && index > 0) return turn
    if (!(digit >= 0 && digit <= 9)) return undefined
    turn = turn * 10 + digit
  }
  return undefined
}

const zero = 0x30
const spaceBeforeZero = 0x20 - zero
/** As many as a double counts exactly. */
const mostDigits = 16

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
    const source = fields.get('source')
    return {
      source: isStream(source) ? source : 'log',
      level: isLevel(level) ? level : 'info',
      text: text('text') ?? line.slice(1),
    }
  }
  const message = text('message') ?? line.slice(1)
  const said = fields.get('code')
  if (isOwn(said)) return { fault: new ProcessFault(said, message) }
  const thrown = new Error(message)
  thrown.stack = text('stack') ?? ''
  return { fault: new ProcessFault('GUEST_THREW', message, {}, thrown) }
}

/** Whether a line without its end is a whole JSON object or array, which a part of one never is, perhaps behind a number. */
export function isComplete(line: string): boolean {
  const text = line.replace(/^\d+ /, '')
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
