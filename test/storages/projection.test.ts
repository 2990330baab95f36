import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MortiseError } from 'mortise'
import { type AsyncState, memoryStorage } from 'mortise/extension'
import { asyncProjectorKind, http, isBuffered, projection, type ProjectorContext } from 'mortise/storages'
import { key, plugExtensions } from '../contracts/extension/mock.ts'
import { failure, rejection } from '../support/wat.ts'
import { readValue } from './copying.ts'

/** Writes a row for the day of the event. */
const write = `
  (local.set $a ${key('sys.View', 'app.Sales')})
  (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'Day'
    (call $hostValueAsInt32 ${readValue('ArgumentObject', `(call $hostGetValue ${key('sys.Event')})`)} 'Day'))
  (drop (call $hostNewValue (local.get $a)))`

const context = (Day: number): ProjectorContext => ({
  workspace: 1n,
  event: {
    name: { pkg: 'app', entity: 'Sold' },
    workspace: 1n,
    wlogOffset: BigInt(Day),
    registeredAt: 0n,
    argument: { Day },
    cuds: [],
  },
})

const sales = (): ReturnType<typeof memoryStorage> =>
  memoryStorage({ 'app.Sales': { key: { Day: 'int32' }, value: { Amount: 'int32' } } })

const unexpected = (error: unknown): void => {
  throw error
}

describe('a projection', () => {
  test('writes when as much waits as it may, and what is left at its end', async () => {
    const view = sales()
    await using guest = await plugExtensions({ write })
    const flushed: bigint[] = []
    const projected = projection(asyncProjectorKind({ store: { view } }), {
      size: 3,
      interval: '1 min',
      onFlush: ({ event }) => void flushed.push(event.wlogOffset),
      onFailure: unexpected,
    })
    const rows: number[] = []
    for (const day of [1, 2, 3, 4]) {
      await projected.project(context(day), (state) => void guest.call('write', state))
      rows.push(view.rows('app.Sales').length)
    }
    assert.deepEqual([rows, flushed], [[0, 0, 3, 3], [3n]])
    await projected[Symbol.asyncDispose]()
    assert.deepEqual([view.rows('app.Sales').length, flushed], [4, [3n, 4n]])
  })

  test('writes when the first has waited as long as it may', async () => {
    const view = sales()
    await using guest = await plugExtensions({ write })
    const flushed = Promise.withResolvers<bigint>()
    await using projected = projection(asyncProjectorKind({ store: { view } }), {
      interval: '20 ms',
      onFlush: ({ event }) => flushed.resolve(event.wlogOffset),
      onFailure: flushed.reject,
    })
    await Promise.all([1, 2].map((day) => projected.project(context(day), (state) => void guest.call('write', state))))
    assert.equal(view.rows('app.Sales').length, 0)
    assert.equal(await flushed.promise, 2n)
    assert.equal(view.rows('app.Sales').length, 2)
  })

  test('that is not buffered writes after each event', async () => {
    const view = sales()
    await using guest = await plugExtensions({ write })
    await using projected = projection(asyncProjectorKind({ store: { view } }), {
      buffered: isBuffered({ intents: ['sys.View(app.Sales)', 'sys.SendMail'] }),
      onFailure: unexpected,
    })
    await projected.project(context(1), (state) => void guest.call('write', state))
    assert.equal(view.rows('app.Sales').length, 1)
  })

  test('goes on behind a projector that fails, whose event may come again', async () => {
    const view = sales()
    await using guest = await plugExtensions({ write, bad: `${write} (unreachable)` })
    const projected = projection(asyncProjectorKind({ store: { view } }), { interval: '1 min', onFailure: unexpected })
    await projected.project(context(1), (state) => void guest.call('write', state))
    const failed = projected.project(context(2), (state) => void guest.call('bad', state))
    const again = projected.project(context(2), (state) => void guest.call('write', state))
    await rejection('TRAP_UNREACHABLE', failed)
    await again
    await projected[Symbol.asyncDispose]()
    assert.deepEqual(
      view.rows('app.Sales').map(({ Day }) => Day),
      [1, 2],
    )
  })

  test('takes no more once it could not write, and says so', async () => {
    const view = sales()
    const kind = asyncProjectorKind({ store: { view } })
    await using guest = await plugExtensions({ write })
    const reported = Promise.withResolvers<unknown>()
    const flushed: ProjectorContext[] = []
    const projected = projection(kind, {
      interval: '10 ms',
      onFlush: (one) => void flushed.push(one),
      onFailure: reported.resolve,
    })
    await projected.project(context(1), (state) => void guest.call('write', state))
    // Somebody else has written the row meanwhile.
    guest.call('write', kind.open(context(1))).apply()
    assert.ok(MortiseError.is(await reported.promise, 'INTENTS_NOT_APPLIED'))
    assert.equal(projected.failed, true)
    const more = projected.project(context(2), (state) => void guest.call('write', state))
    assert.equal(await rejection('INTENTS_NOT_APPLIED', more), await reported.promise)
    await rejection('INTENTS_NOT_APPLIED', projected.flush())
    await projected[Symbol.asyncDispose]()
    assert.deepEqual([flushed, view.rows('app.Sales').length], [[], 1])
  })

  test('takes no more either where a projector read what waited, which could not be written', async () => {
    const view = sales()
    const kind = asyncProjectorKind({ store: { view } })
    const read = `(call $hostReadValues ${key('sys.View', 'app.Sales')})`
    const more = '(func (export "WasmOnReadValue") (param i64 i64))'
    await using guest = await plugExtensions({ write, read }, { guest: { more } })
    const projected = projection(kind, { interval: '1 min', onFailure: unexpected })
    await projected.project(context(1), (state) => void guest.call('write', state))
    guest.call('write', kind.open(context(1))).apply()
    const lost = projected.project(context(2), (state) => void guest.call('read', state))
    await rejection('HOST_FUNCTION_FAILED', lost)
    assert.equal(projected.failed, true)
    await projected[Symbol.asyncDispose]()
  })

  test('takes a kind of state that waits', async () => {
    const kind = asyncProjectorKind({ store: {}, http: http({ allow: [] }) })
    const states: AsyncState[] = []
    await using projected = projection(kind, { onFailure: unexpected })
    await projected.project(context(1), (state) => void states.push(state))
    assert.equal(states.length, 1)
  })

  test('checks its options', () => {
    const kind = asyncProjectorKind({ store: {} })
    failure('OPTION_INVALID', () => projection(kind, { size: 0, onFailure: unexpected }))
    failure('OPTION_INVALID', () => projection(kind, { interval: 'soon', onFailure: unexpected }))
    // @ts-expect-error -- callers without a type checker
    failure('OPTION_INVALID', () => projection(kind, {}))
    // @ts-expect-error -- the same
    failure('OPTION_UNKNOWN', () => projection(kind, { onFailure: unexpected, delay: 7 }))
  })
})

test('a projector may be buffered that declares to write views and records only', () => {
  assert.equal(isBuffered({ intents: ['sys.View', 'sys.View(app.Sales)', 'sys.Record'] }), true)
  assert.equal(isBuffered({ intents: [] }), true)
  assert.equal(isBuffered({ intents: ['sys.View', 'sys.Logger'] }), false)
  assert.equal(isBuffered({ intents: ['sys.Viewer'] }), false)
  assert.equal(isBuffered({}), false)
})
