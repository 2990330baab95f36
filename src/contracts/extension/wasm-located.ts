import { GuestFault } from '../../fault.ts'
import { about, storageFailed } from './engine-state.ts'
import type { Key } from './storage.ts'

/** Throws what the guest did wrong with a key, its value or its intent, and says which that was. */
export function located(thrown: unknown, key: Key): never {
  // A guest may have left no room on the stack.
  if (thrown instanceof RangeError) throw thrown
  if (!(thrown instanceof GuestFault)) return storageFailed(thrown, key)
  throw new GuestFault(thrown.code, `${thrown.message} (storage ${key.storage})`, { ...thrown.details, ...about(key) })
}
