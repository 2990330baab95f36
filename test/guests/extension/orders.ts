import { Storage, Value, keyBuilder, mustGet, newValue, query, updateValue } from 'tenon/extension'

/** A command: refuses an order that costs nothing. */
export function NewOrder(): void {
  amountOf(mustGet(keyBuilder(Storage.Event)).asValue('ArgumentObject'))
}

/** A projector: adds what an order costs to the amount of its day. */
export function CalcOrderedItems(): void {
  const order = mustGet(keyBuilder(Storage.Event)).asValue('ArgumentObject')
  const amount = amountOf(order)
  const day = keyBuilder(Storage.View, 'example.com/shop.OrderedItems')
  day.putInt32('Year', order.asInt32('Year'))
  day.putInt32('Month', order.asInt32('Month'))
  day.putInt32('Day', order.asInt32('Day'))
  const row = query(day)
  if (row === null) newValue(day).putInt64('Amount', amount)
  else updateValue(day, row).putInt64('Amount', row.asInt64('Amount') + amount)
}

function amountOf(order: Value): i64 {
  const items = order.asValue('Items')
  let amount: i64 = 0
  for (let i = 0; i < items.length; i++) {
    const item = items.getAsValue(i)
    amount += item.asInt64('SinglePrice') * item.asInt64('Quantity')
  }
  if (amount <= 0) throw new Error('negative order amount')
  return amount
}
