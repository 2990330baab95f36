import {
  Key,
  KeyBuilder,
  Storage,
  Value,
  keyBuilder,
  mustGet,
  newValue,
  query,
  read,
  updateValue,
} from 'tenon/extension'

/** A command: writes down an order, unless it costs nothing. */
export function NewOrder(): void {
  const order = mustGet(keyBuilder(Storage.CommandContext)).asValue('ArgumentObject')
  const amount = amountOf(order)
  const record = newValue(keyBuilder(Storage.Record, 'example.com/orders.Order'))
  record.putRecordID('sys.ID', 1)
  record.putString('Waiter', order.asText('Waiter'))
  record.putInt64('Amount', amount)
  newValue(keyBuilder(Storage.Result)).putInt64('Amount', amount)
}

/** A projector: adds what an order costs to the amount of its day. */
export function CalcOrderedItems(): void {
  const order = mustGet(keyBuilder(Storage.Event)).asValue('ArgumentObject')
  const amount = amountOf(order)
  const day = dayOf(order)
  const row = query(day)
  if (row === null) newValue(day).putInt64('Amount', amount)
  else updateValue(day, row).putInt64('Amount', row.asInt64('Amount') + amount)
}

/** A query: the amounts of all days of a month. */
export function AmountsOfMonth(): void {
  const month = mustGet(keyBuilder(Storage.QueryContext)).asValue('ArgumentObject')
  const days = keyBuilder(Storage.View, 'example.com/orders.OrderedItems')
  days.putInt32('Year', month.asInt32('Year'))
  days.putInt32('Month', month.asInt32('Month'))
  read(days, (key: Key, value: Value) => {
    const row = newValue(keyBuilder(Storage.Result))
    row.putInt32('Day', key.asInt32('Day'))
    row.putInt64('Amount', value.asInt64('Amount'))
  })
}

function amountOf(order: Value): i64 {
  const items = order.asValue('Items')
  let amount: i64 = 0
  for (let i = 0; i < items.length; i++) {
    const item = items.getAsValue(i)
    amount += item.asInt64('Quantity') * item.asInt64('SinglePrice')
  }
  if (amount <= 0) throw new Error('negative order amount')
  return amount
}

function dayOf(order: Value): KeyBuilder {
  const day = keyBuilder(Storage.View, 'example.com/orders.OrderedItems')
  day.putInt32('Year', order.asInt32('Year'))
  day.putInt32('Month', order.asInt32('Month'))
  day.putInt32('Day', order.asInt32('Day'))
  return day
}
