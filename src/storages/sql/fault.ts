import { MortiseError } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'

/** What is thrown to the host, where no guest is called that the fault could be one of. */
export function asError(thrown: unknown): unknown {
  if (!(thrown instanceof GuestFault)) return thrown
  return new MortiseError(thrown.code, `Cannot write to the store: ${thrown.message}`, thrown.details)
}

/** Refuses to write outside a transaction: a storage after this one could fail, and this one would not be undone. */
export function noTransaction(storage: string): never {
  throw new MortiseError(
    'OPTION_INVALID',
    `Cannot apply intents of ${storage} outside a transaction: give the StateKind the store's 'transaction'`,
  )
}
