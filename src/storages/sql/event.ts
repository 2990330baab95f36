import type { FieldValue, QName } from '../../contracts/extension/fields.ts'

/** What a command was given: fields by name, and containers, each a list of such objects. Integers of 64 bits are bigints. */
export interface Argument {
  readonly [name: string]: FieldValue | Argument | readonly Argument[]
}

/** A record that an event created or updated. */
export interface RecordChange {
  readonly isNew: boolean
  /** What was written, with `sys.ID` (a bigint) and `sys.QName`. */
  readonly fields: Readonly<Record<string, FieldValue>>
}

/** What goes into the log. */
export interface EventDraft {
  readonly workspace: bigint
  /** The command's name. */
  readonly name: QName
  readonly argument?: Argument
  /** Milliseconds since 1970. Default: now. */
  readonly registeredAt?: bigint
  /** Of an event that a device made: which one, and when it was handed over, in milliseconds since 1970. */
  readonly synced?: { readonly device: bigint; readonly at: bigint }
  /** Of an event that is in the log because it failed. */
  readonly error?: { readonly text: string; readonly valid: boolean; readonly name: QName }
}

/** An event of the log: a command that was carried out. */
export interface LogEvent extends EventDraft {
  /** Its place in the log of the whole store; the first is 1. */
  readonly position: bigint
  /** Its place in the log of the workspace; the first is 1. */
  readonly wlogOffset: bigint
  readonly registeredAt: bigint
  /** The records that it created and updated. */
  readonly cuds: readonly RecordChange[]
}

/** What came of an event that was appended. */
export interface Logged {
  readonly event: LogEvent
  /** The identifiers that new records were given, by those that the guest used in their place. */
  readonly newIDs: ReadonlyMap<bigint, bigint>
}
