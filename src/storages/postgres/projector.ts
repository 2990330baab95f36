import type { LogEvent } from '../sql/event.ts'
import type { Log } from '../sql/log.ts'
import { checkBatch } from '../sql/options.ts'
import type { Query } from '../sql/query.ts'
import type { Views } from '../sql/view.ts'
import type { Transactions } from './transactions.ts'

// Who is there twice waits for the first one.
const enter: Query = {
  sql: 'INSERT INTO "sys.projectors" (name, position) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING',
}
const lock: Query = { sql: 'SELECT position FROM "sys.projectors" WHERE name = $1 FOR UPDATE' }

/** The parts of a store that projectors use. */
export interface ProjectorParts {
  readonly transactions: Transactions
  readonly log: Log
  readonly views: Views
}

/** Something that follows the log and keeps its place in the store, with what it writes: each event counts once. */
export class PostgresProjector {
  readonly name: string
  readonly #parts: ProjectorParts

  constructor(name: string, parts: ProjectorParts) {
    this.name = name
    this.#parts = parts
  }

  /**
   * The position of the last event that it had; 0 before the first.
   *
   * @throws MortiseError (rejects) `STORE_UNAVAILABLE`, `STORE_BUSY`, `STORE_CLOSED`, `STORE_FAILED`
   */
  position(): Promise<bigint> {
    const { transactions, log } = this.#parts
    return transactions.query(log.position(this.name))
  }

  /**
   * Hands over the next events, and commits what is written meanwhile together with the new position. Where `project` throws, nothing
   * of it is kept, and the same events come again.
   *
   * @param project - writes to views; it gets at least one event
   * @param most - how many events at once; default 100
   * @returns how many events there were; 0 at the end of the log
   * @throws MortiseError (rejects) `OPTION_INVALID`, what `project` throws, `STORE_UNAVAILABLE`, `STORE_BUSY`, `STORE_FULL`,
   *   `STORE_READ_ONLY`, `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  async run(project: (events: readonly LogEvent[]) => Promise<void>, most = 100): Promise<number> {
    checkBatch(most)
    const { transactions, log } = this.#parts
    if ((await transactions.query(log.after(await this.position(), 1))).length === 0) return 0
    return await transactions.run(async () => {
      await transactions.ask(enter, [this.name])
      await transactions.ask(lock, [this.name])
      const events = await transactions.query(log.after(await this.position(), most))
      const last = events.at(-1)
      // Another process may have had them meanwhile.
      if (last === undefined) return 0
      await project(events)
      await transactions.query(log.move(this.name, last.position))
      return events.length
    })
  }

  /**
   * Starts again at the first event: empties views, in all workspaces, together with the position.
   *
   * @param views - those that it writes
   * @throws MortiseError (rejects) `EXTENSION_NAME` for what is no view of the schema, `STORE_UNAVAILABLE`, `STORE_BUSY`, `STORE_FULL`,
   *   `STORE_READ_ONLY`, `STORE_CLOSED`, `STORE_FAILED`
   */
  async restart(views: readonly string[]): Promise<void> {
    const { transactions, log, views: known } = this.#parts
    const queries = views.map((view) => known.emptying(view))
    await transactions.run(async () => {
      for (const query of queries) await transactions.ask(query, [])
      await transactions.query(log.move(this.name, 0n))
    })
  }
}
