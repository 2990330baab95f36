import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { checkOrder, mask, type Order, orders, price, texts, totals, wrong } from './work.ts'

// Functions that V8 inlines into the loop, as it does in a program that has no plugins at all.
const noop = (): undefined => undefined
const add = (a: number, b: number): number => (a + b) | 0
const echo = (text: string): string => text

function noopBench(): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = noop()
        if (result !== undefined) wrong(result)
      }
    },
  }
}

function addBench(): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) if (add(n, 7) !== n + 7) wrong(n)
    },
  }
}

function echoBench(): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const text = texts[n & mask] ?? ''
        if (echo(text) !== text) wrong(text)
      }
    },
  }
}

/** The same contract: neither side sees what the other does to its objects afterwards. */
function handle(order: Order): Order {
  return copy(price(copy(order)))
}

function copy(order: Order): Order {
  const text = JSON.stringify(order)
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is the order that was made text
  return JSON.parse(text) as Order
}

function jsonBench(): Bench {
  checkOrder(handle(orders[1] ?? wrong(undefined)), 1)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const { total, items } = handle(orders[n & mask] ?? wrong(undefined))
        if (total !== totals[n & mask] || items.length !== 7) wrong(total)
      }
    },
  }
}

export const subject: Subject = {
  name: 'JavaScript function',
  url: import.meta.url,
  role: 'reference',
  cases: {
    [cases.noop]: { '': noopBench },
    [cases.add]: { '': addBench },
    [cases.echo]: { '': echoBench },
    [cases.json]: { 'copied by JSON': jsonBench },
  },
}
