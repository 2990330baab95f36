import type { ErrorCode, ErrorDetails } from '../errors.ts'
import { GuestFault } from '../fault.ts'

/** What is known of a process that failed. */
export type ProcessDetails = Pick<
  ErrorDetails,
  'exitCode' | 'signal' | 'said' | 'stderr' | 'asked' | 'limit' | 'problems'
>

/** A failure of a process or of what it wrote, on its way to the guard, which makes the error of it. */
export class ProcessFault extends GuestFault {
  override readonly details: ProcessDetails

  constructor(code: ErrorCode, message: string, details: ProcessDetails = {}, cause?: unknown) {
    super(code, message)
    this.details = details
    if (cause !== undefined) this.cause = cause
  }
}
