import { GuestFault } from '../../../fault.ts'

/** What something is that a guest handed over and that does not lie where it may. */
export function checkRange(what: string, pointer: number, size: number, align: number, memory: number): void {
  if (pointer % align !== 0)
    throw new GuestFault('GUEST_POINTER', `it handed over ${what} at ${pointer}, which is not a multiple of ${align}`)
  if (pointer + size > memory)
    throw new GuestFault(
      'GUEST_POINTER',
      `it handed over ${what} of ${size} bytes at ${pointer}, and its memory has ${memory} bytes`,
    )
}

export function malformed(bytes: number, pointer: number, encoding: string): never {
  throw new GuestFault('GUEST_STRING', `the ${bytes} bytes at ${pointer} are not valid ${encoding}`)
}
