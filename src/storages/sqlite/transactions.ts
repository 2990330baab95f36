import { MortiseError } from '../../errors.ts'
import type { Query } from '../sql/query.ts'
import type { Recorder } from '../sql/recorder.ts'
import type { Connection } from './connection.ts'

const begin: Query = { sql: 'BEGIN IMMEDIATE' }
const commit: Query = { sql: 'COMMIT' }
const rollback: Query = { sql: 'ROLLBACK' }
const save: Query = { sql: 'SAVEPOINT inner' }
const release: Query = { sql: 'RELEASE inner' }
const undo: Query = { sql: 'ROLLBACK TO inner' }

/** The transactions of a connection: one inside another is a part of it that is undone alone. */
export class Transactions {
  readonly #connection: Connection
  #depth = 0
  #recorder: Recorder | undefined

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Whether one is under way. */
  get active(): boolean {
    return this.#depth > 0
  }

  /** Who takes down what is written to records. */
  get recorder(): Recorder | undefined {
    return this.#recorder
  }

  /** Runs some work with somebody who takes down what it writes. */
  recording(recorder: Recorder, work: () => void): void {
    const outer = this.#recorder
    this.#recorder = recorder
    try {
      work()
    } finally {
      this.#recorder = outer
    }
  }

  /** Runs some work: all that it writes is kept, or nothing where it throws. */
  run<T>(work: () => T): T {
    const connection = this.#connection
    const inner = this.#depth > 0
    if (inner) this.check()
    connection.ask(inner ? save : begin, [])
    const strikeOut = this.#recorder?.mark()
    this.#depth++
    try {
      const result = work()
      refusePromise(result)
      this.check()
      connection.ask(inner ? release : commit, [])
      return result
    } catch (thrown) {
      strikeOut?.()
      this.#undo(inner)
      throw thrown
    } finally {
      this.#depth--
    }
  }

  /** Refuses to go on where SQLite has ended the transaction by itself: what is written now would be kept. */
  check(): void {
    if (this.#depth === 0 || this.#connection.inTransaction) return
    throw new MortiseError(
      'STORE_FAILED',
      `Cannot go on with a transaction of the store ${this.#connection.file}: it failed, and was undone`,
    )
  }

  #undo(inner: boolean): void {
    if (!this.#connection.inTransaction) return
    if (!inner) this.#connection.ask(rollback, [])
    else {
      this.#connection.ask(undo, [])
      this.#connection.ask(release, [])
    }
  }
}

/** Refuses what an asynchronous function gave: `INPUT_INVALID`. */
export function refusePromise(result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return
  // Nobody waits for it, and what it is rejected with would end the process.
  Promise.resolve(result).catch(() => {})
  throw new MortiseError(
    'INPUT_INVALID',
    'Cannot run an asynchronous function in a transaction of SQLite: it would go on after the commit',
  )
}
