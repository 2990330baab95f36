import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FieldValue, State } from 'mortise/extension'
import { asyncProjectorKind, commandKind, type ProjectorContext, schema } from 'mortise/storages'
import { openSqlite } from 'mortise/storages/sqlite'
import { key, plugExtensions } from '../contracts/extension/mock.ts'
import { failure } from '../support/wat.ts'

/** Adds the event's amount to the row of a day, which is there or not. */
const add = `(local $row i64)
  (local.set $a ${key('sys.View', 'app.Sales')})
  (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'Day' (i32.const 1))
  (local.set $row (call $hostQueryValue (local.get $a)))
  (if (i64.eq (local.get $row) (i64.const -1))
    (then (local.set $b (call $hostNewValue (local.get $a))))
    (else
      (local.set $b (call $hostUpdateValue (local.get $a) (local.get $row)))
      (local.set $n (call $hostValueAsInt32 (local.get $row) 'Amount'))))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'Amount' (i32.add (local.get $n)
    (call $hostValueAsInt32 (call $hostValueAsValue (call $hostGetValue ${key('sys.Event')}) 'ArgumentObject') 'Amount')))`

const sales = schema({ views: { 'app.Sales': { partition: { Day: 'int32' }, value: { Amount: 'int32' } } } })

const context = (workspace: bigint, Amount: FieldValue): ProjectorContext => ({
  workspace,
  event: {
    name: { pkg: 'app', entity: 'Sold' },
    workspace,
    wlogOffset: 1n,
    registeredAt: 0n,
    argument: { Amount },
    cuds: [],
  },
})

describe('a bundle over several workspaces', () => {
  test('keeps their keys apart, and writes each in its own', async () => {
    using store = openSqlite({ file: ':memory:', schema: sales })
    await using guest = await plugExtensions({ add })
    const kind = asyncProjectorKind({ store })
    const bundle = kind.bundle()
    for (const [workspace, amount] of [
      [1n, 10],
      [2n, 7],
      [1n, 5],
      [2n, 1],
    ] as const) {
      guest.call('add', kind.open(context(workspace, amount), bundle)).apply()
    }
    assert.equal(bundle.size, 2)
    const amounts = (): unknown[] =>
      [1n, 2n].map((workspace) => {
        const row = store.view.get?.(
          { storage: 'sys.View', entity: 'app.Sales', fields: new Map([['Day', 1]]) },
          { workspace },
        )
        return row !== undefined && 'Amount' in row ? row['Amount'] : undefined
      })
    assert.deepEqual(amounts(), [undefined, undefined])
    bundle.flush()
    assert.deepEqual(amounts(), [15, 8])
    assert.equal(bundle.size, 0)
    guest.call('add', kind.open(context(2n, 1), bundle)).apply()
    bundle.flush()
    assert.deepEqual(amounts(), [15, 9])
  })

  test('is applied all or none', async () => {
    using store = openSqlite({ file: ':memory:', schema: sales })
    await using guest = await plugExtensions({ add })
    const kind = asyncProjectorKind({
      store,
      storages: {
        'test.Last': {
          insert: () => undefined,
          apply() {
            throw new Error('no luck')
          },
        },
      },
    })
    const bundle = kind.bundle()
    await using last = await plugExtensions({ last: `(drop (call $hostNewValue ${key('test.Last')}))` })
    guest.call('add', kind.open(context(1n, 10), bundle)).apply()
    last.call('last', kind.open(context(2n, 7), bundle)).apply()
    failure('INTENTS_NOT_APPLIED', () => bundle.flush())
    const day = { storage: 'sys.View', entity: 'app.Sales', fields: new Map([['Day', 1]]) }
    assert.equal(store.view.get?.(day, { workspace: 1n }), undefined)
  })
})

describe('a bundle of what a store keeps', () => {
  const waiters = schema({ records: { 'app.Order': { fields: { Waiter: 'string' } } } })
  const order = `(call $hostRowWriterPutString (call $hostNewValue ${key('sys.Record', 'app.Order')}) (i32.const 1) 'Waiter' 'ann')`
  const correct = `(local.set $a ${key('sys.Record')})
    (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'ID' (i64.const 65536))
    (call $hostRowWriterPutString (call $hostUpdateValue (local.get $a) (call $hostGetValue (local.get $a))) (i32.const 1) 'Waiter' 'bob')`

  test('has every new record, and one intent for a record that is there', async () => {
    using store = openSqlite({ file: ':memory:', schema: waiters })
    await using guest = await plugExtensions({ order, correct })
    const kind = commandKind({ store })
    const subject = { kind: 'user', name: 'ann', profile: 2n, token: '' } as const
    const bundle = kind.bundle()
    const open = (): State => kind.open({ workspace: 1n, wlogOffset: 1n, subject }, bundle)
    for (let made = 0; made < 3; made++) guest.call('order', open()).apply()
    assert.equal(bundle.size, 3)
    bundle.flush()
    for (let time = 0; time < 2; time++) guest.call('correct', open()).apply()
    assert.equal(bundle.size, 1)
    bundle.flush()
    const rows = [65_536n, 65_537n, 65_538n].map((id) =>
      store.record.get?.({ storage: 'sys.Record', entity: '', fields: new Map([['ID', id]]) }, { workspace: 1n }),
    )
    assert.deepEqual(
      rows.map((row) => row !== undefined && 'Waiter' in row && row['Waiter']),
      ['bob', 'ann', 'ann'],
    )
  })

  test('is read as it will be: what was not written is zero, and a key may say its workspace or not', async () => {
    using store = openSqlite({
      file: ':memory:',
      schema: schema({
        views: { 'app.Days': { partition: { Day: 'int32' }, value: { Amount: 'int32', Note: 'string' } } },
      }),
    })
    const day = `(local.set $a ${key('sys.View', 'app.Days')}) (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'Day' (i32.const 1))`
    const said = `${day} (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'WSID' (i64.const 1))`
    const write = `(call $hostRowWriterPutInt32 (call $hostNewValue (local.get $a)) (i32.const 1) 'Amount' (i32.const 5))`
    const check = `(local.set $b (call $hostGetValue (local.get $a)))
      (if (i32.ne (call $hostValueAsInt32 (local.get $b) 'Amount') (i32.const 5)) (then (unreachable)))
      (if (call $length (call $hostValueAsString (local.get $b) 'Note')) (then (unreachable)))`
    await using guest = await plugExtensions({
      write: `${day} ${write}`,
      writeSaid: `${said} ${write}`,
      read: `${day} ${check}`,
      readSaid: `${said} ${check}`,
    })
    const kind = asyncProjectorKind({ store })
    const bundle = kind.bundle()
    for (const name of ['write', 'writeSaid'] as const) {
      guest.call(name, kind.open(context(name === 'write' ? 1n : 2n, 0), bundle)).apply()
      assert.equal(bundle.size, 1)
      guest.call('read', kind.open(context(1n, 0), bundle))
      guest.call('readSaid', kind.open(context(2n, 0), bundle))
    }
    failure('EXTENSION_ABSENT', () => guest.call('read', kind.open(context(2n, 0), bundle)))
    bundle.flush()
    guest.call('read', kind.open(context(1n, 0)))
  })
})
