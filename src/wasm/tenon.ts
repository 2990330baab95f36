import type { GuestMemory, LogLevel } from '../units.ts'
import { GuestFault } from '../fault.ts'

/** What one instance lends to the functions that guests written with Tenon import. */
export interface TenonHost {
  readonly memory: GuestMemory
  /** What the guest may read by a name. */
  config(name: string): string | undefined
  log(level: LogLevel, message: string): void
  /** The guest's own allocator of strings: takes bytes, returns a pointer. */
  newString(bytes: number): number
}

/** The module under which Tenon guests import these functions. */
export const tenonModule = 'tenon'

/** The signature of every function of the module. */
export const tenonTypes: Readonly<Record<string, string>> = {
  log: '(i32, i32) -> ()',
  config: '(i32) -> (i32)',
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** The functions of {@link tenonTypes} for one instance. */
export function tenon(host: TenonHost): Readonly<Record<string, (...args: never[]) => unknown>> {
  return {
    log(level: number, message: number): void {
      const name = levels[level]
      if (name === undefined)
        throw new GuestFault('GUEST_RESULT', `it logged at level ${level}, and the levels are 0 to 3`)
      host.log(name, host.memory.readString(message))
    },
    config(name: number): number {
      const value = host.config(host.memory.readString(name))
      if (value === undefined) return 0
      const pointer = host.newString(value.length * 2)
      host.memory.writeUtf16(pointer, value)
      return pointer
    },
  }
}
