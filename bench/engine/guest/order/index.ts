import 'tenon/action'

@json
class Customer {
  name: string = ''
  email: string = ''
}

@json
class Item {
  sku: string = ''
  title: string = ''
  count: i32 = 0
  cents: i32 = 0
  tags: string[] = []
}

@json
class Order {
  id: i32 = 0
  customer: Customer = new Customer()
  items: Item[] = []
  note: string = ''
  total: i32 = 0
}

export function main(order: Order): Order {
  for (let i = 0; i < order.items.length; i++) {
    const item = order.items[i]
    order.total += item.count * item.cents
  }
  return order
}
