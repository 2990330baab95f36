import type { EventDraft, LogEvent, Logged } from '../sql/event.ts'
import { type Log, logPage } from '../sql/log.ts'
import type { Connection } from './connection.ts'
import { refusePromise, type Transactions } from './transactions.ts'

/** The log of a store: every command that was carried out, with the records that it wrote. */
export class SqliteLog {
  readonly #connection: Connection
  readonly #transactions: Transactions
  readonly #log: Log

  constructor(connection: Connection, transactions: Transactions, log: Log) {
    this.#connection = connection
    this.#transactions = transactions
    this.#log = log
  }

  /**
   * Puts an event behind the last one, with the records that `write` writes: both or neither.
   *
   * @param draft - the command's workspace, name and argument
   * @param write - applies the command's state. The event has its place then, and its `cuds` once they are written: projectors that
   *   belong to the command can have it
   * @returns the event, and the identifiers of new records
   * @throws MortiseError `INPUT_INVALID` for a name whose entity has a point, or an argument that holds what is no value of a
   *   field, what `write` throws, `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`, `STORE_CORRUPT`, `STORE_CLOSED`,
   *   `STORE_FAILED`
   */
  append(draft: EventDraft, write: (event: LogEvent) => void = () => {}): Logged {
    return this.#transactions.run(() => {
      const { event, recorder } = this.#connection.run(this.#log.begin(draft))
      this.#transactions.recording(recorder, () => refusePromise(write(event)))
      this.#transactions.check()
      this.#connection.run(this.#log.append(event))
      return { event, newIDs: recorder.newIDs }
    })
  }

  /**
   * The events behind a position, in the order in which they were appended. They are read as they are asked for.
   *
   * @param position - default 0: from the first event on
   * @throws MortiseError `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  *after(position = 0n): Generator<LogEvent, void> {
    for (let last = position; ;) {
      const events = this.#connection.run(this.#log.after(last, logPage))
      yield* events
      if (events.length < logPage) return
      last = events.at(-1)?.position ?? last
    }
  }
}
