import { type FieldTypes, type Row, RowReader } from '../../contracts/extension/fields.ts'
import type { Key } from '../../contracts/extension/storage.ts'
import { argumentRow } from '../argument.ts'
import type { LogEvent } from './event.ts'
import { integer, refuse, type SqlContext, workspaceOf } from './key.ts'
import { type Log, logPage } from './log.ts'
import type { Work } from './query.ts'

/** The fields of a key of `sys.WLog`. */
export const wlogKeyFields: FieldTypes = { Offset: 'int64', Count: 'int64', WSID: 'int64' }

/** The event at the offset of a key. */
export function* wlogEvent(log: Log, key: Key, context: SqlContext): Work<Row | undefined> {
  const [event] = yield* log.of(workspaceOf(key, context), offsetOf(key), 1)
  return event?.wlogOffset === offsetOf(key) ? wlogRow(event) : undefined
}

/** Some events, and where the next ones begin. */
export interface EventPage {
  readonly rows: readonly (readonly [key: Row, value: Row])[]
  /** The offset of the next page, and how many of the count are left; `undefined` after the last. */
  readonly after: { readonly offset: bigint; readonly left: bigint | undefined } | undefined
}

/** The events from the offset of a key on: as many as it says, or all. */
export function* wlogPage(log: Log, key: Key, context: SqlContext, after: EventPage['after']): Work<EventPage> {
  const { offset, left } = after ?? { offset: offsetOf(key), left: countOf(key) }
  const most = left === undefined || left > BigInt(logPage) ? logPage : Number(left)
  const events = most === 0 ? [] : yield* log.of(workspaceOf(key, context), offset, most)
  const rows = events.map((event) => [{ Offset: event.wlogOffset }, wlogRow(event)] as const)
  const last = events.length < most ? undefined : events.at(-1)
  const rest = left === undefined ? undefined : left - BigInt(events.length)
  return { rows, after: last && rest !== 0n ? { offset: last.wlogOffset + 1n, left: rest } : undefined }
}

function offsetOf(key: Key): bigint {
  const offset = integer(key.fields.get('Offset'))
  if (offset === undefined || offset < 0n)
    refuse('EXTENSION_FIELD', key, `Offset is out of range:${offset ?? 'none'}`, 'Offset')
  return offset ?? 0n
}

function countOf(key: Key): bigint | undefined {
  const count = integer(key.fields.get('Count'))
  if (count !== undefined && count < 0n) refuse('EXTENSION_FIELD', key, `Count is out of range:${count}`, 'Count')
  return count
}

/** An event as guests read it: its name by any name, and whether it was synced. */
export function wlogRow({ wlogOffset, name, registeredAt, synced, argument, cuds }: LogEvent): Row {
  const integers: Readonly<Record<string, bigint>> = {
    RegisteredAt: registeredAt,
    DeviceID: synced?.device ?? 0n,
    SyncedAt: synced?.at ?? 0n,
    Offset: wlogOffset,
  }
  return new RowReader((kind, field) => {
    if (kind === 'int64') return Object.hasOwn(integers, field) ? integers[field] : undefined
    if (kind === 'bool') return synced !== undefined
    if (kind === 'QName') return name
    if (kind !== 'value') return undefined
    if (field === 'CUDs') return cuds.map(({ isNew, fields }) => ({ ...fields, IsNew: isNew }))
    return field === 'ArgumentObject' && argument !== undefined ? argumentRow(argument) : undefined
  })
}
