import type { QName } from '../../contracts/extension/fields.ts'
import { MortiseError } from '../../errors.ts'
import { int64, qname } from './codec.ts'
import type { RecordChange } from '../event.ts'
import type { EventDraft, LogEvent } from './event.ts'
import { fromJson, toJson } from './event-json.ts'
import { type Dialect, placeholders, type Query, type Raw, type Work } from './query.ts'
import { Recorder } from './recorder.ts'

const columns = 'position, "sys.WSID", wlog_offset, name, registered_at, event'

/** An event that is about to be appended. */
export interface Begun {
  readonly event: LogEvent
  readonly recorder: Recorder
}

/** How many events are asked for at once. */
export const logPage = 128

/** The log of a store: what was done, in its order. */
export class Log {
  readonly #lock: Query | undefined
  readonly #offset: Query
  readonly #append: Query
  readonly #from: Query
  readonly #ofWorkspace: Query
  readonly #position: Query
  readonly #move: Query

  constructor(dialect: Dialect) {
    const { parameter, lockLog } = dialect
    const [first, second, third] = [1, 2, 3].map(parameter)
    this.#lock = lockLog
    this.#offset = {
      sql: `SELECT coalesce(max(position), 0) + 1, (SELECT coalesce(max(wlog_offset), 0) + 1 FROM "sys.log" WHERE "sys.WSID" = ${first}) FROM "sys.log"`,
    }
    this.#append = { sql: `INSERT INTO "sys.log" (${columns}) VALUES (${placeholders(dialect, 6)})` }
    this.#from = { sql: `SELECT ${columns} FROM "sys.log" WHERE position > ${first} ORDER BY position LIMIT ${second}` }
    this.#ofWorkspace = {
      sql: `SELECT ${columns} FROM "sys.log" WHERE "sys.WSID" = ${first} AND wlog_offset >= ${second} ORDER BY wlog_offset LIMIT ${third}`,
    }
    this.#position = { sql: `SELECT position FROM "sys.projectors" WHERE name = ${first}` }
    this.#move = {
      sql: `INSERT INTO "sys.projectors" (name, position) VALUES (${first}, ${second}) ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
    }
  }

  /** The event that comes behind the last one. Nobody else appends until the end of the transaction. */
  *begin({ registeredAt = BigInt(Date.now()), ...draft }: EventDraft): Work<Begun> {
    checkName(draft.name)
    if (this.#lock !== undefined) yield { query: this.#lock, values: [] }
    const { rows } = yield { query: this.#offset, values: [draft.workspace] }
    const [position, wlogOffset] = rows[0] ?? []
    const recorder = new Recorder()
    const { cuds } = recorder
    return {
      event: { ...draft, position: int64(position), wlogOffset: int64(wlogOffset), registeredAt, cuds },
      recorder,
    }
  }

  /** Puts an event that was begun into the log. */
  *append({
    position,
    workspace,
    wlogOffset,
    name,
    registeredAt,
    argument,
    synced,
    error,
    cuds,
  }: LogEvent): Work<void> {
    const event = toJson({ argument, synced, error, cuds })
    yield {
      query: this.#append,
      values: [position, workspace, wlogOffset, `${name.pkg}.${name.entity}`, registeredAt, event],
    }
  }

  /** The events behind a position. */
  *after(position: bigint, most: number): Work<readonly LogEvent[]> {
    const { rows } = yield { query: this.#from, values: [position, most] }
    return rows.map(eventOf)
  }

  /** The events of a workspace, from an offset on. */
  *of(workspace: bigint, offset: bigint, most: number): Work<readonly LogEvent[]> {
    const { rows } = yield { query: this.#ofWorkspace, values: [workspace, offset, most] }
    return rows.map(eventOf)
  }

  /** Where a projector is: the position of the last event that it had. */
  *position(projector: string): Work<bigint> {
    const { rows } = yield { query: this.#position, values: [projector] }
    return rows[0] === undefined ? 0n : int64(rows[0][0])
  }

  /** Says where a projector is. */
  *move(projector: string, position: bigint): Work<void> {
    yield { query: this.#move, values: [projector, position] }
  }
}

function eventOf([position, workspace, offset, name, registeredAt, event]: readonly Raw[]): LogEvent {
  // oxlint-disable-next-line no-unsafe-type-assertion -- written by `append`, which was given an EventDraft
  const rest = fromJson(String(event)) as Pick<LogEvent, 'argument' | 'synced' | 'error'> & {
    readonly cuds: readonly RecordChange[]
  }
  const known: QName = qname(String(name))
  return {
    ...defined(rest),
    position: int64(position),
    workspace: int64(workspace),
    wlogOffset: int64(offset),
    name: known,
    registeredAt: int64(registeredAt),
  }
}

/** Without what was not there. */
function defined<T extends object>(value: T): T {
  // oxlint-disable-next-line no-unsafe-type-assertion -- null is written for what is absent
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as T
}

function checkName({ entity }: QName): void {
  if (!entity.includes('.')) return
  throw new MortiseError(
    'INPUT_INVALID',
    `Cannot put an event into the log whose name is '${entity.slice(0, 100)}': an entity has no point`,
  )
}
