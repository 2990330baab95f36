import { AsyncLocalStorage } from 'node:async_hooks'
import { MortiseError } from '../../errors.ts'
import type { Answer, Query, Raw, Work } from '../sql/query.ts'
import type { Recorder } from '../sql/recorder.ts'
import type { Connections, Session } from './pool.ts'

const begin: Query = { sql: 'BEGIN', passing: true }
const commit: Query = { sql: 'COMMIT', passing: true }
const rollback: Query = { sql: 'ROLLBACK', passing: true }
const save: Query = { sql: 'SAVEPOINT mortise', passing: true }
const release: Query = { sql: 'RELEASE mortise', passing: true }
const undo: Query = { sql: 'ROLLBACK TO mortise', passing: true }

/** How a transaction begins and ends: the whole one, and one inside another. */
interface Bounds {
  readonly begin: Query
  readonly commit: Query
  readonly undo: readonly Query[]
}

const whole: Bounds = { begin, commit, undo: [rollback] }
const inner: Bounds = { begin: save, commit: release, undo: [undo, release] }

/** A transaction, or one inside another, that is under way. */
interface Scope {
  readonly session: Session
  /** Who takes down what is written to records. */
  readonly recorder: Recorder | undefined
  /** Ends with the last of what was asked for: queries, and the transactions inside, follow each other. */
  turns: Promise<unknown>
  ended: boolean
}

/** The transactions of a store. Whatever is called from inside one, at once or later, belongs to it. */
export class Transactions {
  readonly #connections: Connections
  readonly #scopes = new AsyncLocalStorage<Scope | undefined>()

  constructor(connections: Connections) {
    this.#connections = connections
  }

  /** The transaction that the caller is inside of. */
  get current(): Scope | undefined {
    const scope = this.#scopes.getStore()
    if (scope !== undefined) checkOpen(scope)
    return scope
  }

  /** Runs some work: all that it writes is kept, or nothing where it throws. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.current
    if (outer === undefined) return this.#connections.use((session) => this.#within(session, undefined, whole, work))
    return inTurn(outer, () => this.#within(outer.session, outer.recorder, inner, work))
  }

  /** Runs some work as no part of the caller's transaction. */
  outside<T>(work: () => T): T {
    return this.#scopes.run(undefined, work)
  }

  /** Runs some work in another asynchronous context, as a part of the caller's transaction. */
  carried<T>(context: (work: () => T) => T, work: () => T): T {
    const scope = this.current
    return context(() => this.#scopes.run(scope, work))
  }

  /** Runs some work with somebody who takes down what it writes. */
  recording<T>(recorder: Recorder, work: () => Promise<T>): Promise<T> {
    const scope = this.current
    if (scope === undefined) throw new MortiseError('STORE_FAILED', 'Cannot append an event outside a transaction')
    const part: Scope = { session: scope.session, recorder, turns: Promise.resolve(), ended: false }
    return this.#scopes.run(part, () => ending(part, work))
  }

  /** Queries, in the caller's transaction or in none. */
  query<T>(work: Work<T>): Promise<T> {
    const scope = this.current
    return scope === undefined
      ? this.#connections.use((session) => session.run(work))
      : inTurn(scope, () => scope.session.run(work))
  }

  /** One query, in the caller's transaction or in none. */
  ask(query: Query, values: readonly Raw[]): Promise<Answer> {
    const scope = this.current
    return scope === undefined
      ? this.#connections.use((session) => session.ask(query, values))
      : inTurn(scope, () => scope.session.ask(query, values))
  }

  async #within<T>(
    session: Session,
    recorder: Recorder | undefined,
    bounds: Bounds,
    work: () => Promise<T>,
  ): Promise<T> {
    await session.ask(bounds.begin, [])
    const scope: Scope = { session, recorder, turns: Promise.resolve(), ended: false }
    const strikeOut = recorder?.mark()
    try {
      const result = await this.#scopes.run(scope, () => ending(scope, work))
      await session.ask(bounds.commit, [])
      return result
    } catch (thrown) {
      strikeOut?.()
      if (!session.lost) for (const query of bounds.undo) await session.ask(query, [])
      throw thrown
    }
  }
}

/** A query beside a transaction inside would be a part of that, and undone with it. */
function inTurn<T>(scope: Scope, act: () => Promise<T>): Promise<T> {
  const turn = scope.turns.then(() => {
    checkOpen(scope)
    return act()
  })
  scope.turns = turn.catch(() => {})
  return turn
}

function checkOpen({ ended }: Scope): void {
  if (!ended) return
  throw new MortiseError(
    'STORE_FAILED',
    'Cannot go on with a transaction of PostgreSQL that has ended: await all that belongs to it',
  )
}

/** What still runs of a work that failed must not go on behind the end of its transaction. */
async function ending<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    let last
    while (last !== scope.turns) {
      last = scope.turns
      await last
    }
    return result
  } finally {
    scope.ended = true
    await scope.turns
  }
}
