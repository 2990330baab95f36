import type { Pool, PoolClient } from 'pg'
import { MortiseError, reasonOf } from '../../errors.ts'
import type { Answer, Query, Raw, Work } from '../sql/query.ts'
import { postgresFailure } from './failure.ts'
import type { PostgresSettings } from './settings.ts'

/** One connection to a server. */
export interface Session {
  /** The server or the network has ended it; the server undoes what it did. */
  readonly lost: boolean
  run<T>(work: Work<T>): Promise<T>
  ask(query: Query, values: readonly Raw[]): Promise<Answer>
}

/** Connections to a server, and the names of what is prepared in each. */
export class Connections {
  readonly #pool: Pool
  readonly #names = new WeakMap<Query, string>()
  /** What is under way, or waits for a connection. */
  readonly #uses = new Set<Promise<unknown>>()
  #count = 0
  #closed = false

  private constructor(pool: Pool) {
    this.#pool = pool
    // A connection that breaks while nobody uses it is replaced; whoever uses one that breaks is told.
    pool.on('error', () => {})
  }

  /** Prepares to connect: `STORE_UNAVAILABLE` where `pg` is not installed. */
  static async open({ url, connections, busyTimeout, queryTimeout }: PostgresSettings): Promise<Connections> {
    const { Pool: PgPool } = await loadPg()
    return new Connections(
      new PgPool({
        connectionString: url,
        max: connections,
        connectionTimeoutMillis: busyTimeout,
        lock_timeout: busyTimeout,
        statement_timeout: queryTimeout,
        idle_in_transaction_session_timeout: queryTimeout,
        // For a server that does not answer at all.
        query_timeout: queryTimeout + 1000,
      }),
    )
  }

  /** Does something on a connection of its own; one that broke is not used again. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closed) throw new MortiseError('STORE_CLOSED', 'Cannot use the store on PostgreSQL: it is closed')
    const use = this.#use(work)
    this.#uses.add(use)
    try {
      return await use
    } finally {
      this.#uses.delete(use)
    }
  }

  async #use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    let client: PoolClient
    try {
      client = await this.#pool.connect()
    } catch (thrown) {
      throw postgresFailure('connect to PostgreSQL', thrown)
    }
    let lost: { readonly thrown: unknown } | undefined
    // While no query is under way, this is how one hears of it.
    const onError = (thrown: unknown): void => void (lost ??= { thrown })
    client.on('error', onError)
    const ask = async (query: Query, values: readonly Raw[]): Promise<Answer> => {
      try {
        if (lost !== undefined) throw lost.thrown
        const text = query.sql
        const form = { text, values: [...values], rowMode: 'array' as const }
        const answer = await client.query<Raw[]>(query.passing === true ? form : { ...form, name: this.#nameOf(query) })
        if (text === 'COMMIT' && answer.command !== 'COMMIT') throw notCommitted()
        return { rows: answer.rows, changes: answer.rowCount ?? 0 }
      } catch (thrown) {
        const failure = postgresFailure('use the store on PostgreSQL', thrown)
        if (failure.code === 'STORE_UNAVAILABLE') lost ??= { thrown }
        throw failure
      }
    }
    const session: Session = {
      ask,
      run: (queries) => run(queries, ask),
      get lost() {
        return lost !== undefined
      },
    }
    try {
      return await work(session)
    } finally {
      client.off('error', onError)
      client.release(session.lost)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.allSettled(this.#uses)
    await this.#pool.end()
  }

  #nameOf(query: Query): string {
    const known = this.#names.get(query)
    if (known !== undefined) return known
    const name = `mortise-${++this.#count}`
    this.#names.set(query, name)
    return name
  }
}

async function run<T>(work: Work<T>, ask: Session['ask']): Promise<T> {
  let step = work.next()
  while (step.done !== true) {
    let answer
    try {
      answer = await ask(step.value.query, step.value.values)
    } catch (thrown) {
      step = work.throw(thrown)
      continue
    }
    step = work.next(answer)
  }
  return step.value
}

/** PostgreSQL undoes a transaction in which a query failed, and calls that no error. */
function notCommitted(): MortiseError {
  return new MortiseError(
    'STORE_FAILED',
    'Cannot commit to PostgreSQL: a query of the transaction failed, and all was undone',
  )
}

async function loadPg(): Promise<{ readonly Pool: typeof Pool }> {
  try {
    const { default: pg } = await import('pg')
    return pg
  } catch (cause) {
    throw new MortiseError(
      'STORE_UNAVAILABLE',
      `Cannot open a store on PostgreSQL: the package 'pg' does not load: ${reasonOf(cause)}. Run 'npm install pg'`,
      { cause },
    )
  }
}
