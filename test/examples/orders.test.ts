import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import { extensions } from 'mortise/extension'
import { asyncProjectorKind, commandKind } from 'mortise/storages'
import { openSqlite } from 'mortise/storages/sqlite'
import { wasm } from 'mortise/wasm'
import { app } from '../../examples/orders/app.ts'
import { Orders } from '../../examples/orders/orders.ts'
// What the author of the guest tests.
import '../../examples/orders/orders.test.ts'
import { serve } from '../../examples/orders/server.ts'

const folder = await mkdtemp(join(tmpdir(), 'mortise-orders-'))
after(() => rm(folder, { recursive: true, force: true }))
const { wasm: guest } = await build(join(import.meta.dirname, '../../examples/orders/guest'))

const day = { Year: 2023, Month: 1, Day: 1 }
const order = {
  ...day,
  Waiter: 'Ann',
  Items: [
    { Quantity: 1, SinglePrice: 100 },
    { Quantity: 2, SinglePrice: 50 },
  ],
}

/** Asks the example's server over a store in a file. */
async function asking(file: string, test: (ask: Ask) => Promise<void>): Promise<void> {
  await using orders = await Orders.open(guest, { file: join(folder, file) })
  const server = serve(orders).listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    await test(async (path, body) => {
      const post = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
      const answer = await fetch(`http://127.0.0.1:${address.port}${path}`, body === undefined ? {} : post)
      return [answer.status, await answer.json()]
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

type Ask = (path: string, body?: unknown) => Promise<readonly [status: number, body: unknown]>

describe('the example orders', () => {
  it('sums up the orders of a day, and knows them after a restart', async () => {
    await asking('restart.db', async (ask) => {
      assert.deepEqual(await ask('/amounts/2023-01-01'), [200, { amount: 0 }])
      assert.deepEqual(await ask('/orders', order), [201, { id: 65_536, amount: 200 }])
      assert.deepEqual(await ask('/orders', order), [201, { id: 65_537, amount: 200 }])
      assert.deepEqual(await ask('/amounts/2023-01-01'), [200, { amount: 400 }])
      assert.deepEqual(await ask('/amounts/2023-01-02'), [200, { amount: 0 }])
    })
    await asking('restart.db', async (ask) => {
      assert.deepEqual(await ask('/amounts/2023-01-01'), [200, { amount: 400 }])
    })
  })

  it('counts orders that come at the same time, each once', async () => {
    await asking('together.db', async (ask) => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => ask('/orders', order)))
      for (const [status, body] of answers) assert.equal(status, 201, JSON.stringify(body))
      assert.equal(new Set(answers.map(([, body]) => JSON.stringify(body))).size, 100)
      assert.deepEqual(await ask('/amounts/2023-01-01'), [200, { amount: 20_000 }])
    })
  })

  it('makes its view anew from the log', async () => {
    await using orders = await Orders.open(guest, { file: join(folder, 'replay.db') })
    for (const Day of [1, 2, 2]) await orders.place({ ...order, Day })
    const before = orders.amounts(2023, 1)
    assert.deepEqual(
      [...before],
      [
        [1, 200],
        [2, 400],
      ],
    )
    for (let time = 0; time < 2; time++) {
      orders.replay()
      assert.deepEqual(orders.amounts(2023, 1), before)
    }
  })

  it('refuses what is no order, and keeps nothing of it', async () => {
    await asking('refused.db', async (ask) => {
      const free = { ...order, Items: [{ Quantity: 1, SinglePrice: 0 }] }
      const [refused] = await Promise.all([ask('/orders', free), ask('/orders', order)])
      assert.deepEqual(refused, [422, { error: 'negative order amount' }])
      for (const [body, status] of [
        [{ ...order, Items: [{ Quantity: 'one', SinglePrice: 1 }] }, 422],
        [{ ...order, Waiter: 5 }, 422],
        [{}, 422],
        [`${JSON.stringify(order).slice(0, -1)},"Deep":${'['.repeat(200)}${']'.repeat(200)}}`, 422],
        [[], 400],
        ['{', 400],
        [`"${'x'.repeat(70_000)}"`, 400],
      ] as const)
        assert.equal((await ask('/orders', body))[0], status, JSON.stringify(body).slice(0, 50))
      assert.equal((await ask('/'))[0], 404)
      assert.deepEqual(await ask('/amounts/2023-01-01'), [200, { amount: 200 }])
    })
  })

  it('does what the reference engine shows first: a command, a projector twice, one flush, 400', async () => {
    using store = openSqlite({ file: join(folder, 'basic.db'), schema: app.schema })
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('orders', guest, extensions(app.extensions))
    const { hooks } = plugin
    const workspace = 1n
    const { view } = store
    const options = { store, packages: app.packages, intents: 5 }
    const subject = { kind: 'user', name: 'Ann', profile: workspace, token: '' } as const
    const commands = commandKind(options)
    hooks.NewOrder(commands.open({ workspace, wlogOffset: 1n, subject, argument: order }))
    const projectors = asyncProjectorKind(options)
    const bundle = projectors.bundle(5)
    const event = { workspace, wlogOffset: 1n, registeredAt: 0n, name: { pkg: 'app', entity: 'NewOrder' }, cuds: [] }
    for (let time = 0; time < 2; time++) {
      const state = projectors.open({ workspace, event: { ...event, argument: order } }, bundle)
      hooks.CalcOrderedItems(state)
      state.apply()
      assert.equal(bundle.ready, false)
    }
    const key = { storage: 'sys.View', entity: 'app.OrderedItems', fields: new Map(Object.entries(day)) }
    assert.equal(view.get?.(key, { workspace }), undefined)
    bundle.flush()
    assert.deepEqual(view.get?.(key, { workspace }), { Amount: 400n })
    const { calls, errors, restores } = plugin.stats()
    assert.deepEqual({ calls, errors, restores }, { calls: 3, errors: 0, restores: 0 })
  })
})
