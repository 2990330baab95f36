import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { described, expected } from './cases.ts'
import { buildGuests } from './guest.ts'
import { subject } from './mortise.ts'
import { buildOrders, grouping, orderCases, ordersPerSecond, subject as orders } from './orders.ts'

/** Extensions of the contract `extension`: over storages that cost as little as they can, and over a real one. */
export const extension: Suite = {
  name: 'extension',
  cases: [...described, ...orderCases],
  subjects: [subject, orders],
  expectations: [...expected.map(([name, most]) => atMost(name, most)), grouping],
  sheets: async (rows) => ordersPerSecond(rows),
  async prepare() {
    await buildGuests()
    await buildOrders()
  },
}

function atMost(name: string, most: number): Expectation {
  return {
    text: `${name}: at most ${time(most)}`,
    judge(rows) {
      const got = rows.find((row) => row.case === name)?.figures?.value
      return got === undefined ? undefined : { met: got <= most, because: time(got) }
    },
  }
}
