import type { Event } from '../event.ts'

/** What goes into the log. */
export interface EventDraft extends Omit<Event, 'wlogOffset' | 'registeredAt' | 'cuds'> {
  /** Milliseconds since 1970. Default: now. */
  readonly registeredAt?: bigint
}

/** An event of the log. */
export interface LogEvent extends Event {
  /** Its place in the log of the whole store; the first is 1. */
  readonly position: bigint
}

/** What came of an event that was appended. */
export interface Logged {
  readonly event: LogEvent
  /** The identifiers that new records were given, by those that the guest used in their place. */
  readonly newIDs: ReadonlyMap<bigint, bigint>
}
