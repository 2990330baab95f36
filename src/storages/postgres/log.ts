import type { EventDraft, LogEvent, Logged } from '../sql/event.ts'
import { type Log, logPage } from '../sql/log.ts'
import type { Transactions } from './transactions.ts'

/** The log of a store: every command that was carried out, with the records that it wrote. */
export class PostgresLog {
  readonly #transactions: Transactions
  readonly #log: Log

  constructor(transactions: Transactions, log: Log) {
    this.#transactions = transactions
    this.#log = log
  }

  /**
   * Puts an event behind the last one, with the records that `write` writes: both or neither. One event is appended at a time, by
   * whichever process: `group` appends several with one wait for the disk.
   *
   * @param draft - the command's workspace, name and argument
   * @param write - applies the command's state. The event has its place then, and its `cuds` once they are written: projectors that
   *   belong to the command can have it
   * @returns the event, and the identifiers of new records
   * @throws MortiseError (rejects) `INPUT_INVALID` for a name whose entity has a point, or an argument that holds what is no
   *   value of a field, what `write` throws, `STORE_UNAVAILABLE`, `STORE_BUSY`, `STORE_FULL`, `STORE_READ_ONLY`,
   *   `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  append(draft: EventDraft, write: (event: LogEvent) => Promise<void> = async () => {}): Promise<Logged> {
    return this.#transactions.run(async () => {
      const { event, recorder } = await this.#transactions.query(this.#log.begin(draft))
      await this.#transactions.recording(recorder, () => write(event))
      await this.#transactions.query(this.#log.append(event))
      return { event, newIDs: recorder.newIDs }
    })
  }

  /**
   * The events behind a position, in the order in which they were appended. They are read as they are asked for.
   *
   * @param position - default 0: from the first event on
   * @throws MortiseError (rejects) `STORE_UNAVAILABLE`, `STORE_BUSY`, `STORE_CORRUPT`, `STORE_CLOSED`, `STORE_FAILED`
   */
  async *after(position = 0n): AsyncGenerator<LogEvent, void> {
    for (let last = position; ;) {
      const events = await this.#transactions.query(this.#log.after(last, logPage))
      yield* events
      if (events.length < logPage) return
      last = events.at(-1)?.position ?? last
    }
  }
}
