import type { RecordChange } from '../event.ts'

/** What is written while an event is put into the log. */
export interface Recorder {
  readonly cuds: RecordChange[]
  /** The identifiers that were given to new records, by those that the guest used in their place. */
  readonly newIDs: Map<bigint, bigint>
}
