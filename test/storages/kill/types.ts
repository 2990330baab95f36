import type { FieldValue, Intent, Key, QName } from 'mortise/extension'
import { schema } from 'mortise/storages'

/** What the program under load writes: an order for each event, and views of amounts and counts by day. */
export const killTypes: ReturnType<typeof schema> = schema({
  records: { 'app.Order': { fields: { Day: 'int32', Amount: 'int64', Note: 'string' } } },
  views: {
    'app.Amounts': { partition: { Year: 'int32' }, clustering: { Day: 'int32' }, value: { Amount: 'int64' } },
    'app.Counts': { partition: { Year: 'int32' }, clustering: { Day: 'int32' }, value: { Count: 'int32' } },
  },
})

export const newOrder: QName = { pkg: 'app', entity: 'NewOrder' }
export const projectorName = 'totals'

type Fields = Readonly<Record<string, FieldValue>>

export const keyOf = (storage: string, entity: string, fields: Fields): Key => ({
  storage,
  entity,
  fields: new Map(Object.entries(fields)),
})

export const insertOf = (key: Key, fields: Fields): Intent => ({
  operation: 'insert',
  key,
  row: undefined,
  fields: new Map(Object.entries(fields)),
})
