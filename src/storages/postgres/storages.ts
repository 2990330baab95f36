import type { Row } from '../../contracts/extension/fields.ts'
import type { AsyncStorage } from '../../contracts/extension/storage.ts'
import { asError, noTransaction } from '../sql/fault.ts'
import type { SqlContext } from '../sql/key.ts'
import type { Log } from '../sql/log.ts'
import type { Raw, Work } from '../sql/query.ts'
import type { Records } from '../sql/record.ts'
import type { Recorder } from '../sql/recorder.ts'
import type { Uniques } from '../sql/uniq.ts'
import type { Views } from '../sql/view.ts'
import { type EventPage, wlogEvent, wlogKeyFields, wlogPage } from '../sql/wlog.ts'
import type { Transactions } from './transactions.ts'

type Rows = AsyncGenerator<readonly [key: Row, value: Row]>

/** `sys.Record` on PostgreSQL. */
export function recordStorage(transactions: Transactions, records: Records): AsyncStorage<SqlContext> {
  return {
    async: true,
    // Those of new records are all alike: each has its identifier when it is applied.
    appends: true,
    keyFields: (entity) => records.keyFields(entity),
    get: (key, context) => transactions.query(records.get(key, context)),
    getBatch: (keys, context) => Promise.all(keys.map((key) => transactions.query(records.get(key, context)))),
    insert: (key, context) => records.insert(key, context),
    update: (key, row, context) => records.update(key, row, context),
    validate: (intents, context) => asErrors(async () => records.validate(intents, context)),
    apply: (intents, context) =>
      write(transactions, 'sys.Record', (recorder) => records.apply(intents, context, recorder)),
  }
}

/** `sys.View` on PostgreSQL. */
export function viewStorage(transactions: Transactions, views: Views): AsyncStorage<SqlContext> {
  return {
    async: true,
    keyFields: (entity) => views.keyFields(entity),
    canonical: (key, context) => views.canonical(key, context),
    get: (key, context) => transactions.query(views.get(key, context)),
    getBatch: (keys, context) => Promise.all(keys.map((key) => transactions.query(views.get(key, context)))),
    async *read(key, context): Rows {
      let after: readonly Raw[] | undefined
      do {
        const page = await transactions.query(views.page(key, context, after))
        yield* page.rows
        ;({ after } = page)
      } while (after !== undefined)
    },
    insert: (key, context) => views.insert(key, context),
    update: (key, _row, context) => views.insert(key, context),
    validate: (intents, context) => asErrors(async () => views.validate(intents, context)),
    apply: (intents, context) => write(transactions, 'sys.View', () => views.apply(intents, context)),
  }
}

/** `sys.WLog` on PostgreSQL. */
export function wlogStorage(transactions: Transactions, log: Log): AsyncStorage<SqlContext> {
  return {
    async: true,
    keyFields: () => wlogKeyFields,
    get: (key, context) => transactions.query(wlogEvent(log, key, context)),
    async *read(key, context): Rows {
      let after: EventPage['after']
      do {
        const page = await transactions.query(wlogPage(log, key, context, after))
        yield* page.rows
        ;({ after } = page)
      } while (after !== undefined)
    },
  }
}

/** `sys.Uniq` on PostgreSQL. */
export function uniqStorage(transactions: Transactions, uniques: Uniques): AsyncStorage<SqlContext> {
  return {
    async: true,
    keyFields: (entity) => uniques.keyFields(entity),
    get: (key, context) => transactions.query(uniques.get(key, context)),
  }
}

async function write(
  transactions: Transactions,
  storage: string,
  work: (recorder: Recorder | undefined) => Work<void>,
): Promise<undefined> {
  const { current } = transactions
  if (current === undefined) noTransaction(storage)
  await asErrors(() => transactions.query(work(current.recorder)))
}

async function asErrors<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (thrown) {
    throw asError(thrown)
  }
}
