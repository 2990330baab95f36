import type { FieldValue, QName } from '../contracts/extension/fields.ts'
import type { Storage } from '../contracts/extension/storage.ts'
import { type Argument, argumentRow } from './argument.ts'
import type { WorkspaceContext } from './workspace.ts'

/** What happened: a command that was carried out. */
export interface Event {
  /** The command's name. */
  readonly name: QName
  readonly workspace: bigint
  /** Its place in the log of the workspace. */
  readonly wlogOffset: bigint
  /** Milliseconds since 1970. */
  readonly registeredAt: bigint
  /** Of an event that a device made: which one, and when it was handed over, in milliseconds since 1970. */
  readonly synced?: { readonly device: bigint; readonly at: bigint }
  readonly argument?: Argument
  /** The records that it created and updated. */
  readonly cuds: readonly RecordChange[]
  /** Of an event that is in the log because it failed. */
  readonly error?: { readonly text: string; readonly valid: boolean; readonly name: QName }
}

/** A record that an event created or updated. */
export interface RecordChange {
  readonly isNew: boolean
  /** What was written, with `sys.ID` (a bigint) and `sys.QName`. */
  readonly fields: Readonly<Record<string, FieldValue>>
}

/** What the state of a projector is opened with. */
export interface ProjectorContext extends WorkspaceContext {
  readonly event: Event
}

/** `sys.Event`: the event that a projector is called for. */
export const event: Storage<ProjectorContext> = {
  keyFields: () => ({}),
  get: (_key, { event: { name, workspace, wlogOffset, registeredAt, synced, argument, cuds, error } }) => ({
    QName: name,
    Workspace: workspace,
    WLogOffset: wlogOffset,
    Offset: wlogOffset,
    RegisteredAt: registeredAt,
    Synced: synced !== undefined,
    DeviceID: synced?.device ?? 0n,
    SyncedAt: synced?.at ?? 0n,
    ArgumentObject: argument === undefined ? null : argumentRow(argument),
    CUDs: cuds.map(({ isNew, fields }) => ({ ...fields, IsNew: isNew })),
    Error: {
      ErrStr: error?.text ?? '',
      ValidEvent: error?.valid ?? true,
      QNameFromParams: error?.name ?? name,
    },
  }),
}
