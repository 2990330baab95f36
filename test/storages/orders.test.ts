import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Mortise, MortiseError } from 'mortise'
import { asyncExtensions, extensions, type Row, StateKind } from 'mortise/extension'
import { asyncProjectorKind, commandKind, queryKind, resultOf, syncProjectorKind } from 'mortise/storages'
import { openPostgres } from 'mortise/storages/postgres'
import { openSqlite } from 'mortise/storages/sqlite'
import { wasm } from 'mortise/wasm'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { ordersGuest, orderPackages as packages, orderTypes } from './orders-guest.ts'

const guest = await ordersGuest()
const declared = { NewOrder: {}, CountOrders: {}, CalcDays: {}, YearAmount: {} } as const
const subject = { kind: 'user', name: 'ann', profile: 1n, token: '' } as const
const name = { pkg: 'app', entity: 'NewOrder' }
const order = (quantity: number) => ({
  argument: {
    Year: 2023,
    Day: 1,
    Items: [
      { Quantity: quantity, Price: 100n },
      { Quantity: quantity * 2, Price: 50n },
    ],
  },
})
const key = (entity: string, fields: Readonly<Record<string, number>>) => ({
  storage: 'sys.View',
  entity,
  fields: new Map(Object.entries(fields)),
})
const days = key('app.Days', { Year: 2023, Day: 1 })
const counts = key('app.Counts', { Year: 2023 })
const workspace = 1n

describe('a command, its event, and its projectors', () => {
  it('are one transaction each on SQLite', async () => {
    await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
    const { hooks } = await host.plug('orders', guest, extensions(declared))
    using store = openSqlite({ file: ':memory:', schema: orderTypes })
    const commands = commandKind({ store, packages })
    const withCommand = syncProjectorKind({ store, packages })
    const behind = asyncProjectorKind({ store, packages })
    const queries = queryKind({ store, packages })

    const command = (quantity: number): unknown => {
      let result: unknown
      store.log.append({ workspace, name, ...order(quantity) }, (event) => {
        const state = commands.open({ workspace, subject, wlogOffset: event.wlogOffset, ...order(quantity) })
        hooks.NewOrder(state)
        result = resultOf(state)
        state.apply()
        const projector = withCommand.open({ workspace, event })
        hooks.CountOrders(projector)
        projector.apply()
      })
      return result
    }
    const project = (): number =>
      store.projector('days').run((events) => {
        for (const event of events) {
          const state = behind.open({ workspace: event.workspace, event })
          hooks.CalcDays(state)
          state.apply()
        }
      })

    assert.deepEqual(command(1), { Total: 200n })
    assert.throws(() => command(-1), /negative order amount/)
    assert.deepEqual(command(1), { Total: 200n })
    assert.deepEqual(store.view.get?.(counts, { workspace }), { Orders: 2, Last: 2n })
    assert.equal(store.view.get?.(days, { workspace }), undefined)
    assert.equal(project(), 2)
    assert.equal(project(), 0)
    assert.deepEqual(store.view.get?.(days, { workspace }), { Amount: 400n })
    const rows: Row[] = []
    const state = queries.open({ workspace, subject, onRow: (row) => void rows.push(row) })
    hooks.YearAmount(state)
    assert.deepEqual(rows, [{ Amount: 400n }])
    const [first] = [...store.log.after()]
    assert.equal(first?.cuds.length, 3)
  })

  it('leave nothing in the store where a storage after it fails', async () => {
    await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
    const { hooks } = await host.plug('orders', guest, extensions(declared))
    using store = openSqlite({ file: ':memory:', schema: orderTypes })
    const { argument } = order(1)
    const kind = new StateKind<{ readonly workspace: bigint }>({
      name: 'Test',
      packages,
      storages: {
        'sys.CommandContext': { get: () => ({ ArgumentObject: argument }) },
        'sys.Record': store.record,
        'sys.Result': {
          insert: () => undefined,
          apply: () => {
            throw new Error('the last one')
          },
        },
      },
      transaction: store.transaction,
    })
    const state = kind.open({ workspace })
    hooks.NewOrder(state)
    assert.equal(state.intents.length, 4)
    assert.throws(
      () => state.apply(),
      (thrown) => MortiseError.is(thrown, 'INTENTS_NOT_APPLIED') && thrown.message.includes('the last one'),
    )
    const record = { storage: 'sys.Record', entity: '', fields: new Map([['ID', 65_536n]]) }
    assert.equal(store.record.get?.(record, { workspace }), undefined)
  })

  it('are one transaction each on PostgreSQL, while guests wait for it', async () => {
    await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
    const plugging = host.plug('orders', guest, asyncExtensions(declared))
    if (!('Suspending' in WebAssembly)) {
      await assert.rejects(plugging, (thrown) => MortiseError.is(thrown, 'SUSPENSION_UNAVAILABLE'))
      return
    }
    const { hooks } = await plugging
    await using store = await openPostgres({ url: server().url(), schema: orderTypes })
    const commands = commandKind({ store, packages })
    const withCommand = syncProjectorKind({ store, packages })
    const behind = asyncProjectorKind({ store, packages })

    const command = async (quantity: number): Promise<unknown> => {
      let result: unknown
      await store.group(() =>
        store.log.append({ workspace, name, ...order(quantity) }, async (event) => {
          const state = commands.open({ workspace, subject, wlogOffset: event.wlogOffset, ...order(quantity) })
          await hooks.NewOrder(state)
          result = resultOf(state)
          await state.apply()
          const projector = withCommand.open({ workspace, event })
          await hooks.CountOrders(projector)
          await projector.apply()
        }),
      )
      return result
    }
    const project = (): Promise<number> =>
      store.projector('days').run(async (events) => {
        for (const event of events) {
          const state = behind.open({ workspace: event.workspace, event })
          await hooks.CalcDays(state)
          await state.apply()
        }
      })

    const outcomes = await Promise.allSettled([1, -1, 1, 1, 1].map(command))
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
    )
    const call = { signal: new AbortController().signal }
    assert.deepEqual(await store.view.get?.(counts, { workspace }, call), { Orders: 4, Last: 4n })
    assert.deepEqual(await Promise.all([project(), project()]).then((had) => had.toSorted((a, b) => a - b)), [0, 4])
    assert.deepEqual(await store.view.get?.(days, { workspace }, call), { Amount: 800n })
  })

  let running: PostgresServer | undefined
  before(async () => {
    running = await startPostgres()
  })
  after(async () => {
    await running?.[Symbol.asyncDispose]()
  })
  const server = (): PostgresServer => running ?? assert.fail('the server is not there')
})
