import type { ErrorCode, ErrorDetails } from './errors.ts'

/** What a fault says beside its sentence. */
export interface FaultDetails extends Omit<ErrorDetails, 'plugin' | 'hook' | 'frames'> {
  /** What somebody else threw, and the error's cause then. */
  readonly cause?: unknown
}

/**
 * A failure of the guest that a host function or a binding found, on its way to the guard, which makes the error of it:
 * only the guard knows the plugin, the hook and the guest's stack.
 */
export class GuestFault extends Error {
  override readonly name = 'GuestFault'
  readonly code: ErrorCode
  readonly details: FaultDetails

  constructor(code: ErrorCode, message: string, details: FaultDetails = {}) {
    // What a guest says itself is in its details, whole.
    super(details.guest === undefined ? shortened(message) : message)
    this.code = code
    const { field, storage } = details
    this.details = {
      ...details,
      ...(field !== undefined && { field: shortened(field) }),
      ...(storage !== undefined && { storage: shortened(storage) }),
    }
  }
}

/** Guests choose the names that are in sentences. */
const longest = 4000

const shortened = (text: string): string => (text.length > longest ? `${text.slice(0, longest / 2)}…` : text)

/** The guest ended itself. Not a failure in its initialisation when the code is 0. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit'
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`the guest exited with code ${exitCode}`)
    this.exitCode = exitCode
  }
}
