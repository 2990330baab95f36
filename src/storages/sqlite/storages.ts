import type { Row } from '../../contracts/extension/fields.ts'
import type { Storage } from '../../contracts/extension/storage.ts'
import { asError, noTransaction } from '../sql/fault.ts'
import type { SqlContext } from '../sql/key.ts'
import type { Log } from '../sql/log.ts'
import type { Raw, Work } from '../sql/query.ts'
import type { Records } from '../sql/record.ts'
import type { Uniques } from '../sql/uniq.ts'
import type { Views } from '../sql/view.ts'
import { type EventPage, wlogEvent, wlogKeyFields, wlogPage } from '../sql/wlog.ts'
import type { Connection } from './connection.ts'
import type { Transactions } from './transactions.ts'

type Rows = Generator<readonly [key: Row, value: Row]>

/** `sys.Record` on SQLite. */
export function recordStorage(
  connection: Connection,
  transactions: Transactions,
  records: Records,
): Storage<SqlContext> {
  return {
    // Those of new records are all alike: each has its identifier when it is applied.
    appends: true,
    keyFields: (entity) => records.keyFields(entity),
    get: (key, context) => connection.run(records.get(key, context)),
    getBatch: (keys, context) => keys.map((key) => connection.run(records.get(key, context))),
    insert: (key, context) => records.insert(key, context),
    update: (key, row, context) => records.update(key, row, context),
    validate: (intents, context) => asErrors(() => records.validate(intents, context)),
    apply: (intents, context) =>
      write(connection, transactions, 'sys.Record', () => records.apply(intents, context, transactions.recorder)),
  }
}

/** `sys.View` on SQLite. */
export function viewStorage(connection: Connection, transactions: Transactions, views: Views): Storage<SqlContext> {
  return {
    keyFields: (entity) => views.keyFields(entity),
    canonical: (key, context) => views.canonical(key, context),
    get: (key, context) => connection.run(views.get(key, context)),
    getBatch: (keys, context) => keys.map((key) => connection.run(views.get(key, context))),
    *read(key, context): Rows {
      let after: readonly Raw[] | undefined
      do {
        const page = connection.run(views.page(key, context, after))
        yield* page.rows
        ;({ after } = page)
      } while (after !== undefined)
    },
    insert: (key, context) => views.insert(key, context),
    update: (key, _row, context) => views.insert(key, context),
    validate: (intents, context) => asErrors(() => views.validate(intents, context)),
    apply: (intents, context) => write(connection, transactions, 'sys.View', () => views.apply(intents, context)),
  }
}

/** `sys.WLog` on SQLite. */
export function wlogStorage(connection: Connection, log: Log): Storage<SqlContext> {
  return {
    keyFields: () => wlogKeyFields,
    get: (key, context) => connection.run(wlogEvent(log, key, context)),
    *read(key, context): Rows {
      let after: EventPage['after']
      do {
        const page = connection.run(wlogPage(log, key, context, after))
        yield* page.rows
        ;({ after } = page)
      } while (after !== undefined)
    },
  }
}

/** `sys.Uniq` on SQLite. */
export function uniqStorage(connection: Connection, uniques: Uniques): Storage<SqlContext> {
  return {
    keyFields: (entity) => uniques.keyFields(entity),
    get: (key, context) => connection.run(uniques.get(key, context)),
  }
}

function write(connection: Connection, transactions: Transactions, storage: string, work: () => Work<void>): undefined {
  if (!transactions.active) noTransaction(storage)
  transactions.check()
  asErrors(() => connection.run(work()))
}

function asErrors<T>(act: () => T): T {
  try {
    return act()
  } catch (thrown) {
    throw asError(thrown)
  }
}
