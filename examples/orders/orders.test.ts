import { join } from 'node:path'
import { describe, it } from 'node:test'
import { build } from 'mortise/build'
import { commandTest, projectorTest, queryTest } from 'mortise/extension/testing'
import { app } from './app.ts'

const { wasm: guest } = await build(join(import.meta.dirname, 'guest'))
const day = { Year: 2023, Month: 1, Day: 1 }
const order = {
  ...day,
  Waiter: 'Ann',
  Items: [
    { Quantity: 1, SinglePrice: 100 },
    { Quantity: 2, SinglePrice: 50 },
  ],
}

describe('NewOrder', () => {
  const command = commandTest(guest, 'NewOrder', app)

  it('writes down an order, and says what it costs', async () => {
    await command
      .argument(order)
      .expectInsert('sys.Record(app.Order)', {}, { 'sys.ID': 1, Waiter: 'Ann', Amount: 200 })
      .expectResult({ Amount: 200 })
      .run()
  })

  for (const price of [0, -1]) {
    it(`refuses an order at ${price}`, async () => {
      await command
        .argument({ ...order, Items: [{ Quantity: 1, SinglePrice: price }] })
        .expectFailure('GUEST_ABORT', 'negative order amount')
        .expectNoIntents()
        .run()
    })
  }
})

describe('CalcOrderedItems', () => {
  const projector = projectorTest(guest, 'CalcOrderedItems', app).event('app.NewOrder', order)

  it('begins a day with its first order', async () => {
    await projector.expectInsert('sys.View(app.OrderedItems)', day, { Amount: 200 }).run()
  })

  it('adds an order to its day', async () => {
    await projector
      .view('app.OrderedItems', day, { Amount: 200 })
      .expectUpdate('sys.View(app.OrderedItems)', day, { Amount: 400 })
      .run()
  })
})

describe('AmountsOfMonth', () => {
  it('gives the days of the month in their order', async () => {
    await queryTest(guest, 'AmountsOfMonth', app)
      .argument({ Year: 2023, Month: 1 })
      .view('app.OrderedItems', { Year: 2023, Month: 1, Day: 31 }, { Amount: 7 })
      .view('app.OrderedItems', { Year: 2023, Month: 2, Day: 2 }, { Amount: 8 })
      .view('app.OrderedItems', day, { Amount: 400 })
      .expectRows({ Day: 1, Amount: 400 }, { Day: 31, Amount: 7 })
      .run()
  })
})
