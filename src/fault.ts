import type { Diagnostic, ErrorCode } from './errors.ts'

/**
 * A failure of the guest that a host function or a binding found, on its way to the guard, which makes the error of it:
 * only the guard knows the plugin, the hook and the guest's stack.
 */
export class GuestFault extends Error {
  override readonly name = 'GuestFault'
  readonly code: ErrorCode
  readonly guest: Diagnostic | undefined

  constructor(code: ErrorCode, message: string, guest?: Diagnostic) {
    super(message)
    this.code = code
    this.guest = guest
  }
}

/** The guest ended itself. Not a failure in its initialisation when the code is 0. */
export class GuestExit extends Error {
  override readonly name = 'GuestExit'
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`the guest exited with code ${exitCode}`)
    this.exitCode = exitCode
  }
}
