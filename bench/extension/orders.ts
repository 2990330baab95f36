import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'mortise/build'
import { Orders } from '../../examples/orders/orders.ts'
import { wrong } from '../engine/work.ts'
import { time } from '../harness/figures.ts'
import type { Bench, Case, Expectation, Row, Sheet, Subject } from '../harness/suite.ts'

const cache = join(import.meta.dirname, '../.cache')
const guest = join(cache, 'orders.wasm')
const atOnce = 16

const about = 'command, event, projector and commit: the example orders over SQLite'
const rows = [
  {
    name: 'order',
    does: `One order, on the disk before the next one: ${about}, FULL.`,
    orders: 1,
    synchronous: 'FULL',
  },
  {
    name: 'order, NORMAL',
    does: 'The same, safe from the end of the process and not from the loss of power.',
    orders: 1,
    synchronous: 'NORMAL',
  },
  {
    name: `${atOnce} orders at once`,
    does: `${atOnce} orders that come at the same time, in one commit, FULL.`,
    orders: atOnce,
    synchronous: 'FULL',
  },
] as const

/** What is measured of the example orders. */
export const orderCases: readonly Case[] = rows.map(({ name, does }) => ({ name, does }))

/** Builds the example's guest, once for all processes. */
export async function buildOrders(): Promise<void> {
  const { wasm } = await build(join(import.meta.dirname, '../../examples/orders/guest'))
  mkdirSync(cache, { recursive: true })
  writeFileSync(guest, wasm)
}

const order = {
  Year: 2023,
  Month: 1,
  Day: 1,
  Waiter: 'Ann',
  Items: [
    { Quantity: 1, SinglePrice: 100 },
    { Quantity: 2, SinglePrice: 50 },
  ],
}

async function bench({ orders: many, synchronous }: (typeof rows)[number]): Promise<Bench> {
  const folder = mkdtempSync(join(cache, 'orders-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const orders = await Orders.open(readFileSync(guest), { file: join(folder, 'orders.db'), synchronous })
  let placed = 0
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const answers = await Promise.all(Array.from({ length: many }, () => orders.place(order)))
        if (answers.some(({ amount }) => amount !== 200)) wrong(answers[0])
        placed += many
      }
    },
    // Every order was counted, and once: the view is what the log says.
    after() {
      const amount = orders.amounts(2023, 1).get(1) ?? 0
      if (amount !== placed * 200) wrong(amount)
    },
  }
}

export const subject: Subject = {
  name: 'mortise/orders',
  url: import.meta.url,
  role: 'ours',
  cases: Object.fromEntries(rows.map((row) => [row.name, { '': () => bench(row) }])),
}

/** How long one order takes, in nanoseconds. */
function perOrder(measured: readonly Row[], index: number): number | undefined {
  const row = rows[index]
  const value = measured.find((one) => one.case === row?.name)?.figures?.value
  return value === undefined || row === undefined ? undefined : value / row.orders
}

/** What was expected of grouping. */
export const grouping: Expectation = {
  text: `${atOnce} orders at once: at least 10 times as many a second as one by one`,
  judge(measured) {
    const [single, grouped] = [perOrder(measured, 0), perOrder(measured, 2)]
    if (single === undefined || grouped === undefined) return undefined
    return { met: single >= 10 * grouped, because: `${(single / grouped).toFixed(1)} times: ${time(grouped)} an order` }
  },
}

/** The same figures as orders a second. */
export function ordersPerSecond(measured: readonly Row[]): readonly Sheet[] {
  const lines = rows.flatMap(({ name }, index) => {
    const each = perOrder(measured, index)
    return each === undefined ? [] : [[name, Math.round(1e9 / each).toLocaleString('en')] as const]
  })
  if (lines.length === 0) return []
  return [
    {
      name: 'orders a second',
      does: `From the request to the answer without the network: ${about}.`,
      columns: ['orders/s'],
      lines,
    },
  ]
}
