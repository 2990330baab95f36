import type { AsyncStorage } from '../../contracts/extension/storage.ts'
import { MortiseError } from '../../errors.ts'
import type { SqlContext } from '../sql/key.ts'
import { Log } from '../sql/log.ts'
import { migrate } from '../sql/migrate.ts'
import { checkProjector } from '../sql/options.ts'
import type { Query } from '../sql/query.ts'
import { Records } from '../sql/record.ts'
import { Uniques } from '../sql/uniq.ts'
import { Views } from '../sql/view.ts'
import { workspaceCheck } from '../sql/workspaces.ts'
import { postgresDialect } from './dialect.ts'
import { Group } from './group.ts'
import { PostgresLog } from './log.ts'
import { Connections } from './pool.ts'
import { PostgresProjector } from './projector.ts'
import { parsePostgresOptions, type PostgresOptions, type PostgresSettings } from './settings.ts'
import { recordStorage, uniqStorage, viewStorage, wlogStorage } from './storages.ts'
import { Transactions } from './transactions.ts'

/** Only one process at a time makes tables: the number is any that nobody else uses. */
const lockSchema: Query = { sql: 'SELECT pg_advisory_xact_lock(7303014517)', passing: true }

/** A store of an application in a database of PostgreSQL. {@link openPostgres} opens it. */
class PostgresStore implements AsyncDisposable {
  /** `sys.Record`. */
  readonly record: AsyncStorage<SqlContext>
  /** `sys.View`. */
  readonly view: AsyncStorage<SqlContext>
  /** `sys.WLog`: the log as extensions read it. */
  readonly wlog: AsyncStorage<SqlContext>
  /** `sys.Uniq`. */
  readonly uniq: AsyncStorage<SqlContext>
  readonly #connections: Connections
  readonly #transactions: Transactions
  readonly #group: Group
  readonly #views: Views
  readonly #log: Log
  readonly #events: PostgresLog

  constructor(connections: Connections, transactions: Transactions, settings: PostgresSettings) {
    const { schema, workspaceKind, groupSize } = settings
    const check = workspaceCheck(schema, workspaceKind)
    const records = new Records(postgresDialect, schema, check)
    this.#connections = connections
    this.#transactions = transactions
    this.#group = new Group(transactions, groupSize)
    this.#views = new Views(postgresDialect, schema, check)
    this.#log = new Log(postgresDialect)
    this.#events = new PostgresLog(transactions, this.#log)
    this.record = recordStorage(transactions, records)
    this.view = viewStorage(transactions, this.#views)
    this.wlog = wlogStorage(transactions, this.#log)
    this.uniq = uniqStorage(transactions, new Uniques(records.tables, check))
  }

  /** What was done, in its order. */
  get log(): PostgresLog {
    return this.#events
  }

  /**
   * Runs some work: all that it writes is committed, or nothing where it rejects. Whatever is called from inside belongs to it; inside
   * another one it is a part of that, which is undone alone where it rejects. An `AsyncStateKind` takes it as its `transaction`.
   *
   * @throws MortiseError (rejects) what `work` throws, `STORE_UNAVAILABLE` (where the connection is lost in the commit itself, it may be
   *   committed), `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`, `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  readonly transaction = <T>(work: () => Promise<T>): Promise<T> => this.#transactions.run(work)

  /**
   * Runs some work soon, one after the other, and commits it together with others that came meanwhile, up to `groupSize`: one wait for
   * the disk for all. A work that rejects is undone alone.
   *
   * @returns what the work gave, when it is committed
   * @throws MortiseError (rejects) as {@link transaction}
   */
  group<T>(work: () => Promise<T>): Promise<T> {
    return this.#group.add(work)
  }

  /**
   * Something that follows the log by this name.
   *
   * @throws MortiseError `OPTION_INVALID`
   */
  projector(name: string): PostgresProjector {
    checkProjector(name)
    return new PostgresProjector(name, { transactions: this.#transactions, log: this.#log, views: this.#views })
  }

  /**
   * Commits what waits in `group`, waits for what is under way, and closes the connections. All else rejects with `STORE_CLOSED` then.
   *
   * @throws MortiseError (rejects) `STORE_BUSY` inside a transaction
   */
  async close(): Promise<void> {
    if (this.#transactions.current !== undefined)
      throw new MortiseError('STORE_BUSY', 'Cannot close a store inside a transaction of its own')
    await this.#group.flush()
    await this.#connections.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/**
 * Opens a store in a database of PostgreSQL: records, views, uniques and the log of an application, in columns of their types. Its
 * storages are asynchronous. It needs the package `pg`.
 *
 * Tables and fields that are new in the schema are made; those that it has no more stay as they are.
 *
 * @param options - `url`, `schema`, `connections` (10), `busyTimeout` (5 s), `queryTimeout` (30 s), `groupSize` (64), `workspaceKind`
 * @throws MortiseError (rejects) `OPTION_UNKNOWN`, `OPTION_INVALID`, `STORE_SCHEMA` where the database has other types,
 *   `STORE_UNAVAILABLE`, `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`, `STORE_FAILED`
 * @example
 * ```ts
 * import { schema } from 'mortise/storages'
 * import { openPostgres } from 'mortise/storages/postgres'
 *
 * export async function count(url: string): Promise<number> {
 *   await using store = await openPostgres({
 *     url,
 *     schema: schema({ views: { 'app.Days': { partition: { Year: 'int32' }, clustering: { Day: 'int32' } } } }),
 *   })
 *   return await store.projector('days').run(async (events) => {
 *     for (const { name } of events) console.log(name.entity)
 *   })
 * }
 * ```
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresStore> {
  const settings = parsePostgresOptions(options)
  const connections = await Connections.open(settings)
  const transactions = new Transactions(connections)
  try {
    await transactions.run(async () => {
      await transactions.ask(lockSchema, [])
      await transactions.query(migrate(postgresDialect, settings.schema, 'on PostgreSQL', false))
    })
    return new PostgresStore(connections, transactions, settings)
  } catch (thrown) {
    await connections.close()
    throw thrown
  }
}

export type { PostgresStore }
export type { PostgresOptions } from './settings.ts'
export type { PostgresLog } from './log.ts'
export type { PostgresProjector } from './projector.ts'
export type { SqlContext } from '../sql/key.ts'
export type { WorkspaceKind } from '../sql/workspaces.ts'
export type { EventDraft, LogEvent, Logged } from '../sql/event.ts'
