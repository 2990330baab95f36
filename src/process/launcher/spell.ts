import { GuestFault } from '../../fault.ts'
import type { Fields } from './fields.ts'

/** The line that a result is. */
export function spell(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null'
  } catch (error) {
    return marked({ message: `it answered with what JSON cannot say: ${sentence(error)}`, code: 'GUEST_RESULT' })
  }
}

/** The line that something thrown is. */
export function threw(thrown: unknown): string {
  if (thrown instanceof GuestFault) return marked({ message: thrown.message, code: thrown.code })
  const stack: unknown = thrown instanceof Error ? guarded(() => thrown.stack) : undefined
  return marked({ message: sentence(thrown), stack: typeof stack === 'string' ? stack : '' })
}

/** What a thrown value says, whatever it is. */
export function sentence(thrown: unknown): string {
  const text = guarded(() => (thrown instanceof Error ? thrown.message : String(thrown)))
  return typeof text === 'string' ? text : 'something that cannot be shown as text'
}

const marked = (fields: Fields): string => `!${JSON.stringify(fields)}`

function guarded(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}
