import type { LogEvent } from '../sql/event.ts'
import type { Log } from '../sql/log.ts'
import { checkBatch } from '../sql/options.ts'
import type { Views } from '../sql/view.ts'
import type { Connection } from './connection.ts'
import type { Transactions } from './transactions.ts'

/** The parts of a store that projectors use. */
export interface ProjectorParts {
  readonly connection: Connection
  readonly transactions: Transactions
  readonly log: Log
  readonly views: Views
}

/** Something that follows the log and keeps its place in the store, with what it writes: each event counts once. */
export class SqliteProjector {
  readonly name: string
  readonly #parts: ProjectorParts

  constructor(name: string, parts: ProjectorParts) {
    this.name = name
    this.#parts = parts
  }

  /** The position of the last event that it had; 0 before the first. */
  get position(): bigint {
    const { connection, log } = this.#parts
    return connection.run(log.position(this.name))
  }

  /**
   * Hands over the next events, and commits what is written meanwhile together with the new position. Where `project` throws, nothing
   * of it is kept, and the same events come again.
   *
   * @param project - writes to views; it gets at least one event
   * @param most - how many events at once; default 100
   * @returns how many events there were; 0 at the end of the log
   * @throws MortiseError `OPTION_INVALID`, what `project` throws, `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`, `STORE_CORRUPT`,
   *   `STORE_CLOSED`, `STORE_FAILED`
   */
  run(project: (events: readonly LogEvent[]) => void, most = 100): number {
    checkBatch(most)
    const { connection, transactions, log } = this.#parts
    if (connection.run(log.after(this.position, 1)).length === 0) return 0
    return transactions.run(() => {
      const events = connection.run(log.after(this.position, most))
      const last = events.at(-1)
      // Another process may have had them meanwhile.
      if (last === undefined) return 0
      project(events)
      transactions.check()
      connection.run(log.move(this.name, last.position))
      return events.length
    })
  }

  /**
   * Starts again at the first event: empties views, in all workspaces, together with the position.
   *
   * @param views - those that it writes
   * @throws MortiseError `EXTENSION_NAME` for what is no view of the schema, `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`,
   *   `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  restart(views: readonly string[]): void {
    const { connection, transactions, log, views: known } = this.#parts
    const queries = views.map((view) => known.emptying(view))
    transactions.run(() => {
      for (const query of queries) connection.ask(query, [])
      connection.run(log.move(this.name, 0n))
    })
  }
}
