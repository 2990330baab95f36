import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { MortiseError } from '../../errors.ts'
import type { Answer, Query, Raw, Work } from '../sql/query.ts'
import { sqliteFailure } from '../../sqlite-failure.ts'
import type { SqliteSettings } from './settings.ts'

const noRows: Answer['rows'] = []

interface Prepared {
  readonly statement: StatementSync
  readonly rows: boolean
}

/** A database, and what is prepared in it. */
export class Connection {
  readonly file: string
  readonly #database: DatabaseSync
  readonly #prepared = new WeakMap<Query, Prepared>()

  constructor({ file, readOnly, busyTimeout, synchronous, maxSize }: SqliteSettings) {
    this.file = file
    try {
      this.#database = new DatabaseSync(file, { readOnly, timeout: busyTimeout })
    } catch (thrown) {
      throw sqliteFailure(`open the store ${file}`, thrown)
    }
    try {
      this.#database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
      if (readOnly) return
      this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
      if (maxSize !== undefined) this.#limit(maxSize)
    } catch (thrown) {
      this.#database.close()
      throw sqliteFailure(`open the store ${file}`, thrown)
    }
  }

  get isOpen(): boolean {
    return this.#database.isOpen
  }

  /** Whether a transaction is under way: SQLite ends one by itself where it cannot go on. */
  get inTransaction(): boolean {
    return this.#database.isTransaction
  }

  /** Does some work, one query after the other. */
  run<T>(work: Work<T>): T {
    let step = work.next()
    while (step.done !== true) {
      let answer
      try {
        answer = this.ask(step.value.query, step.value.values)
      } catch (thrown) {
        step = work.throw(thrown)
        continue
      }
      step = work.next(answer)
    }
    return step.value
  }

  ask(query: Query, values: readonly Raw[]): Answer {
    if (!this.#database.isOpen)
      throw new MortiseError('STORE_CLOSED', `Cannot use the store ${this.file}: it is closed`)
    try {
      let prepared = this.#prepared.get(query)
      if (prepared === undefined) {
        const statement = this.#database.prepare(query.sql)
        statement.setReadBigInts(true)
        statement.setReturnArrays(true)
        prepared = { statement, rows: statement.columns().length > 0 }
        this.#prepared.set(query, prepared)
      }
      // oxlint-disable-next-line no-unsafe-type-assertion -- no value is a truth value here: `encode` makes numbers of them
      const bound = values as readonly (string | number | bigint | Uint8Array | null)[]
      if (!prepared.rows) return { rows: noRows, changes: Number(prepared.statement.run(...bound).changes) }
      // oxlint-disable-next-line no-unsafe-type-assertion -- setReturnArrays makes arrays of rows
      return { rows: prepared.statement.all(...bound) as unknown as Answer['rows'], changes: 0 }
    } catch (thrown) {
      throw sqliteFailure(`use the store ${this.file}`, thrown)
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #limit(bytes: number): void {
    const { page_size: size } = this.#database.prepare('PRAGMA page_size').get() ?? {}
    this.#database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(bytes / Number(size)))}`)
  }
}
