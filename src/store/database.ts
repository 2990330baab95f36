import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { MortiseError } from '../errors.ts'
import { sqliteFailure } from '../sqlite-failure.ts'
import { schema, schemaVersion } from './schema.ts'

/** A row as it was read. */
export type Row = Readonly<Record<string, unknown>>

/** The database of a store. Every change is one transaction, and on the disk when it returns. */
export class Database implements Disposable {
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #statements = new Map<string, StatementSync>()

  /** @throws MortiseError `STORE_UNAVAILABLE`, `STORE_CORRUPT`, `STORE_SCHEMA`, `STORE_BUSY`, `STORE_READ_ONLY` */
  constructor(file: string) {
    this.#file = file
    this.#database = this.#try(() => new DatabaseSync(file, { timeout: 1000 }))
    try {
      this.#try(() => {
        this.#database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA locking_mode = EXCLUSIVE')
        this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
        this.#migrate()
      })
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  /** Does some work whole, or not at all. */
  change<T>(work: () => T): T {
    return this.#try(() => {
      this.#database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.#database.exec('COMMIT')
        return result
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Reads outside of a transaction. */
  read(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#try(() => this.rows(sql, ...values))
  }

  /** Reads within a transaction. */
  rows(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#prepared(sql).all(...values)
  }

  /** Writes within a transaction. */
  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values)
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close()
  }

  #migrate(): void {
    const [row] = this.rows('PRAGMA user_version')
    const found = Number(row?.['user_version'])
    if (found === schemaVersion) return
    if (found !== 0) {
      throw new MortiseError(
        'STORE_SCHEMA',
        `Cannot use the store ${this.#file}: it was made by another version of Mortise (schema ${found}, this one has ${schemaVersion})`,
      )
    }
    this.change(() => this.#database.exec(`${schema}; PRAGMA user_version = ${schemaVersion}`))
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)))
    return statement
  }

  #try<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      throw sqliteFailure(`use the store ${this.#file}`, thrown)
    }
  }
}
