import type { Storage } from '../../contracts/extension/storage.ts'
import { MortiseError } from '../../errors.ts'
import type { SqlContext } from '../sql/key.ts'
import { Log } from '../sql/log.ts'
import { migrate } from '../sql/migrate.ts'
import { checkProjector } from '../sql/options.ts'
import { Records } from '../sql/record.ts'
import { Uniques } from '../sql/uniq.ts'
import { Views } from '../sql/view.ts'
import { workspaceCheck } from '../sql/workspaces.ts'
import { Connection } from './connection.ts'
import { sqliteDialect } from './dialect.ts'
import { Group } from './group.ts'
import { SqliteLog } from './log.ts'
import { SqliteProjector } from './projector.ts'
import { parseSqliteOptions, type SqliteOptions, type SqliteSettings } from './settings.ts'
import { recordStorage, uniqStorage, viewStorage, wlogStorage } from './storages.ts'
import { Transactions } from './transactions.ts'

/** A store of an application in a file of SQLite. {@link openSqlite} opens it. */
class SqliteStore implements Disposable {
  /** `sys.Record`. */
  readonly record: Storage<SqlContext>
  /** `sys.View`. */
  readonly view: Storage<SqlContext>
  /** `sys.WLog`: the log as extensions read it. */
  readonly wlog: Storage<SqlContext>
  /** `sys.Uniq`. */
  readonly uniq: Storage<SqlContext>
  readonly #connection: Connection
  readonly #transactions: Transactions
  readonly #group: Group
  readonly #views: Views
  readonly #log: Log
  readonly #events: SqliteLog

  /** @param settings - as `openSqlite` checked them */
  constructor(settings: SqliteSettings) {
    const { schema, workspaceKind, groupSize, readOnly, file } = settings
    const connection = new Connection(settings)
    const transactions = new Transactions(connection)
    try {
      const migrating = (): void => connection.run(migrate(sqliteDialect, schema, file, readOnly))
      if (readOnly) migrating()
      else transactions.run(migrating)
    } catch (thrown) {
      connection.close()
      throw thrown
    }
    const check = workspaceCheck(schema, workspaceKind)
    const records = new Records(sqliteDialect, schema, check)
    this.#connection = connection
    this.#transactions = transactions
    this.#group = new Group(transactions, groupSize)
    this.#views = new Views(sqliteDialect, schema, check)
    this.#log = new Log(sqliteDialect)
    this.#events = new SqliteLog(connection, transactions, this.#log)
    this.record = recordStorage(connection, transactions, records)
    this.view = viewStorage(connection, transactions, this.#views)
    this.wlog = wlogStorage(connection, this.#log)
    this.uniq = uniqStorage(connection, new Uniques(records.tables, check))
  }

  /** What was done, in its order. */
  get log(): SqliteLog {
    return this.#events
  }

  /**
   * Runs some work: all that it writes is committed, or nothing where it throws. Inside another one it is a part of that, which is
   * undone alone where it throws. A `StateKind` takes it as its `transaction`.
   *
   * @throws MortiseError `INPUT_INVALID` for work that returns a promise, what `work` throws, `STORE_BUSY`, `STORE_FULL`,
   *   `STORE_READ_ONLY`, `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  readonly transaction = <T>(work: () => T): T => this.#transactions.run(work)

  /**
   * Runs some work soon, and commits it together with others that came in the same turn of the event loop, up to `groupSize`: one
   * wait for the disk for all. A work that throws is undone alone.
   *
   * @returns what the work gave, when it is committed
   * @throws MortiseError (rejects) as {@link transaction}
   */
  group<T>(work: () => T): Promise<T> {
    return this.#group.add(work)
  }

  /**
   * Something that follows the log by this name.
   *
   * @throws MortiseError `OPTION_INVALID`
   */
  projector(name: string): SqliteProjector {
    checkProjector(name)
    const parts = { connection: this.#connection, transactions: this.#transactions, log: this.#log, views: this.#views }
    return new SqliteProjector(name, parts)
  }

  /**
   * Commits what waits in `group`, and closes the file. Everything else throws `STORE_CLOSED` then.
   *
   * @throws MortiseError `STORE_BUSY` inside a transaction
   */
  close(): void {
    if (this.#transactions.active)
      throw new MortiseError('STORE_BUSY', 'Cannot close a store inside a transaction of its own')
    this.#group.flush()
    this.#connection.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/**
 * Opens a store in a file of SQLite: records, views, uniques and the log of an application, in columns of their types. Its journal is
 * a write-ahead log (WAL), so that others can read while one writes.
 *
 * Tables and fields that are new in the schema are made; those that it has no more stay as they are.
 *
 * @param options - `file`, `schema`, `synchronous` (FULL), `busyTimeout` (5 s), `maxSize` (none), `readOnly` (false), `groupSize` (64),
 *   `workspaceKind`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, `STORE_SCHEMA` where the file has other types, `STORE_UNAVAILABLE`,
 *   `STORE_CORRUPT`, `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`, `STORE_FAILED`
 * @example
 * ```ts
 * import { StateKind } from 'mortise/extension'
 * import { schema } from 'mortise/storages'
 * import { openSqlite } from 'mortise/storages/sqlite'
 *
 * using store = openSqlite({
 *   file: ':memory:',
 *   schema: schema({ records: { 'app.Order': { fields: { Waiter: 'string' } } } }),
 * })
 * const commands = new StateKind<{ workspace: bigint }>({
 *   name: 'CommandProcessor',
 *   storages: { 'sys.Record': store.record, 'sys.WLog': store.wlog },
 *   transaction: store.transaction,
 * })
 * const state = commands.open({ workspace: 1n })
 * const { event } = store.log.append({ workspace: 1n, name: { pkg: 'app', entity: 'NewOrder' } }, () => state.apply())
 * console.log(event.wlogOffset)
 * ```
 */
export function openSqlite(options: SqliteOptions): SqliteStore {
  return new SqliteStore(parseSqliteOptions(options))
}

export type { SqliteStore }
export type { SqliteOptions } from './settings.ts'
export type { SqliteLog } from './log.ts'
export type { SqliteProjector } from './projector.ts'
export type { SqlContext } from '../sql/key.ts'
export type { WorkspaceKind } from '../sql/workspaces.ts'
export type { EventDraft, LogEvent, Logged } from '../sql/event.ts'
