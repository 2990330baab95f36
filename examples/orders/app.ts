import { schema } from 'mortise/storages'

/** What the host, the server and the tests say of the application. */
export const app = {
  /** The guest's package has another name on the host's side. */
  packages: { app: 'example.com/orders' },
  schema: schema({
    records: { 'app.Order': { fields: { Waiter: 'string', Amount: 'int64' } } },
    views: {
      'app.OrderedItems': {
        partition: { Year: 'int32' },
        clustering: { Month: 'int32', Day: 'int32' },
        value: { Amount: 'int64' },
      },
    },
  }),
  /** What each extension may read and write; anything else ends its call. */
  extensions: {
    NewOrder: { state: ['sys.CommandContext'], intents: ['sys.Record(app.Order)', 'sys.Result'] },
    CalcOrderedItems: { state: ['sys.Event', 'sys.View(app.OrderedItems)'], intents: ['sys.View(app.OrderedItems)'] },
    AmountsOfMonth: { state: ['sys.QueryContext', 'sys.View(app.OrderedItems)'], intents: ['sys.Result'] },
  },
} as const
