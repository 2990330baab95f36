import { build } from 'mortise/build'
import { schema, type Schema } from 'mortise/storages'
import { inFolder } from '../support/guest.ts'

/** What the extensions read and write. */
export const orderTypes: Schema = schema({
  records: {
    'app.Order': { fields: { Year: 'int32', Day: 'int32' }, containers: { Items: 'app.Item' } },
    'app.Item': { fields: { Quantity: 'int32', Price: 'int64' } },
  },
  views: {
    'app.Days': { partition: { Year: 'int32' }, clustering: { Day: 'int32' }, value: { Amount: 'int64' } },
    'app.Counts': { partition: { Year: 'int32' }, value: { Orders: 'int32', Last: 'int64' } },
  },
})

export const orderPackages: Readonly<Record<string, string>> = { app: 'example.com/app' }

/** A command, a projector that runs with it, one that runs behind the log, and a query. */
export async function ordersGuest(): Promise<Uint8Array> {
  const { wasm } = await inFolder({ 'index.ts': source }, (folder) => build(folder))
  return wasm
}

const source = `
import { Intent, KeyBuilder, Storage, Value, assert, keyBuilder, mustGet, newValue, query, read, updateValue } from 'tenon/extension'

function view(name: string, year: i32): KeyBuilder {
  const key = keyBuilder(Storage.View, 'example.com/app.' + name)
  key.putInt32('Year', year)
  return key
}

export function NewOrder(): void {
  const argument = mustGet(keyBuilder(Storage.CommandContext)).asValue('ArgumentObject')
  const order = newValue(keyBuilder(Storage.Record, 'example.com/app.Order'))
  order.putInt64('sys.ID', 1)
  order.putInt32('Year', argument.asInt32('Year'))
  order.putInt32('Day', argument.asInt32('Day'))
  const items = argument.asValue('Items')
  let total: i64 = 0
  for (let i = 0; i < items.length; i++) {
    const item = items.getAsValue(i)
    const record = newValue(keyBuilder(Storage.Record, 'example.com/app.Item'))
    record.putInt64('sys.ParentID', 1)
    record.putString('sys.Container', 'Items')
    record.putInt32('Quantity', item.asInt32('Quantity'))
    record.putInt64('Price', item.asInt64('Price'))
    total += item.asInt64('Price') * item.asInt32('Quantity')
  }
  assert(total > 0, 'negative order amount')
  newValue(keyBuilder(Storage.Result)).putInt64('Total', total)
}

export function CountOrders(): void {
  const event = mustGet(keyBuilder(Storage.Event))
  const key = view('Counts', event.asValue('ArgumentObject').asInt32('Year'))
  const row = query(key)
  const intent = row === null ? newValue(key) : updateValue(key, row)
  intent.putInt32('Orders', row === null ? 1 : row.asInt32('Orders') + 1)
  intent.putInt64('Last', event.asInt64('WLogOffset'))
}

export function CalcDays(): void {
  const event = mustGet(keyBuilder(Storage.Event))
  const cuds = event.asValue('CUDs')
  let year = 0
  let day = 0
  let amount: i64 = 0
  for (let i = 0; i < cuds.length; i++) {
    const record = cuds.getAsValue(i)
    if (record.asQName('sys.QName').entity.toString() == 'Order') {
      year = record.asInt32('Year')
      day = record.asInt32('Day')
    } else amount += record.asInt64('Price') * record.asInt32('Quantity')
  }
  const key = view('Days', year)
  key.putInt32('Day', day)
  const row = query(key)
  if (row === null) newValue(key).putInt64('Amount', amount)
  else updateValue(key, row).putInt64('Amount', row.asInt64('Amount') + amount)
}

let sum: i64 = 0

export function YearAmount(): void {
  sum = 0
  read(view('Days', 2023), (key, value) => { sum += value.asInt64('Amount') })
  newValue(keyBuilder(Storage.Result)).putInt64('Amount', sum)
}
`
