import { deepStrictEqual } from 'node:assert/strict'
import type { JsonObject } from 'mortise/action'

/** Throws when a subject answers wrongly: an error path that nobody noticed is quick. */
export function wrong(got: unknown): never {
  throw new Error(`it answered wrongly: ${JSON.stringify(got) ?? String(got)}`)
}

/** What `bump` answers in a guest that was never called before: one in its global, one in its memory. */
export const fresh = 65_537

/** How many texts and orders there are, less one: `texts[n & mask]` takes another one each time. */
export const mask = 15

/** Texts of 100 characters. */
export const texts: readonly string[] = Array.from({ length: mask + 1 }, (_, index) => {
  const text = 'the quick brown fox jumps over the lazy dog and looks back to see who follows him through the wood'
  return `${index.toString(16)} ${text}`.padEnd(100, '.').slice(0, 100)
})

interface Item extends JsonObject {
  readonly sku: string
  readonly title: string
  readonly count: number
  readonly cents: number
  readonly tags: readonly string[]
}

/** An event; the guest fills in the total. */
export interface Order extends JsonObject {
  readonly id: number
  readonly customer: { readonly name: string; readonly email: string }
  readonly items: readonly Item[]
  readonly note: string
  readonly total: number
}

/** How long each order is as JSON. */
const characters = 1024

/** Orders of 1 KB of JSON, each with another total, which has as many digits as the 0 that it takes the place of. */
export const orders: readonly Order[] = Array.from({ length: mask + 1 }, (_, index) => {
  const items = Array.from({ length: 7 }, (__, number) => ({
    sku: `A-${1000 + number}`,
    title: number === 0 ? 'a "thing" of some use' : `a thing of some use, number ${number}`,
    count: 1 + ((number + index) % 5),
    cents: 1995 + 100 * index,
    tags: ['red', `size ${number}`],
  }))
  const customer = { name: 'Mike Example', email: 'mike@example.org' }
  const order = { id: 4711 + index, customer, items, note: '', total: 0 }
  return { ...order, note: 'n'.repeat(characters - JSON.stringify(order).length) }
})

/** The same as JSON, and what comes back. */
export const orderTexts: readonly string[] = orders.map((order) => JSON.stringify(order))
export const totals: readonly number[] = orders.map(({ items }) => {
  return items.reduce((sum, { count, cents }) => sum + count * cents, 0)
})

/** Checks a whole answer, once; the loops check its total and the number of its items. */
export function checkOrder(answer: unknown, index: number): void {
  deepStrictEqual(answer, { ...orders[index], total: totals[index] })
}

/** What the guests do, as a plain function of the host. */
export function price(order: Order): Order {
  let { total } = order
  for (const { count, cents } of order.items) total += count * cents
  return { ...order, total }
}
