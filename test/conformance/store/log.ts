import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Key } from 'mortise/extension'
import { type Fields, key, recordKey, viewKey, insert, amount, name, field, draft, code, fresh } from './fixture.ts'
import type { StoreTarget } from './target.ts'

/** The log, and `sys.WLog`. */
export function testLog(target: StoreTarget): void {
  describe(`the log on ${target.name}`, () => {
    it('puts an event behind the last one of its workspace, with what it wrote', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const argument = {
        Table: 5,
        Big: 2n ** 60n,
        Bin: Uint8Array.of(1, 2),
        Kind: name('X'),
        Items: [{ $Price: 1.5, No: null }],
      }
      const synced = { device: 3n, at: 4n }
      const first = await store.append(draft({ argument, synced, registeredAt: 12n }), [
        insert(recordKey('app.Order'), { 'sys.ID': 1n, Waiter: 'Ann' }),
      ])
      const second = await store.append(draft(), [])
      const elsewhere = await store.append(draft({ workspace: 2n }), [])
      assert.deepEqual(
        [first, second, elsewhere].map(({ event }) => [event.position, event.wlogOffset]),
        [
          [1n, 1n],
          [2n, 2n],
          [3n, 1n],
        ],
      )
      const [logged, ...rest] = await store.events()
      assert.equal(rest.length, 2)
      const id = first.newIDs.get(1n)
      assert.deepEqual(logged, {
        workspace: 1n,
        name: name('NewOrder'),
        position: 1n,
        wlogOffset: 1n,
        registeredAt: 12n,
        synced,
        argument,
        cuds: [
          {
            isNew: true,
            fields: {
              'sys.ID': id,
              'sys.QName': name('Order'),
              'sys.IsActive': true,
              'sys.Container': '',
              Waiter: 'Ann',
            },
          },
        ],
      })
      assert.deepEqual(await store.events(1n), rest)
    })

    it('has neither an event nor a record where one of its intents fails', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const twice = insert(recordKey('app.Settings'), { Name: 'one' })
      await assert.rejects(
        store.append(draft(), [twice, amount(2023, 1, 1, { Amount: 1n }), twice]),
        code('STORE_CONFLICT'),
      )
      assert.deepEqual(await store.events(), [])
      assert.equal(await store.get('record', recordKey('app.Settings', { IsSingleton: true })), undefined)
      assert.equal(await store.get('view', viewKey('app.Amounts', { Year: 2023, Month: 1, Day: 1 })), undefined)
      const { event } = await store.append(draft(), [])
      assert.equal(event.wlogOffset, 1n)
    })

    it('has no record in an event that was undone while it was written', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const order = (raw: bigint, waiter: string) => insert(recordKey('app.Order'), { 'sys.ID': raw, Waiter: waiter })
      const { event, newIDs } = await store.appendTrying(draft(), [order(1n, 'Ann')], [order(2n, 'Bob')])
      assert.deepEqual([...newIDs.keys()], [1n])
      const [logged] = await store.events()
      assert.deepEqual(logged, event)
      assert.deepEqual(
        logged?.cuds.map(({ fields }) => fields['Waiter']),
        ['Ann'],
      )
      const id = (newIDs.get(1n) ?? 0n) + 1n
      assert.equal(await store.get('record', recordKey('', { ID: id })), undefined)
    })

    it('refuses an argument that is no data', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      // @ts-expect-error -- a date is no value of a field
      await assert.rejects(store.append(draft({ argument: { At: new Date() } }), []), code('INPUT_INVALID', /class/))
      assert.deepEqual(await store.events(), [])
    })

    it('is read by extensions as sys.WLog', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      for (let index = 0; index < 300; index++) await store.append(draft({ argument: { Index: index } }), [])
      const at = (fields: Fields): Key => key('sys.WLog', '', fields)
      const offsets = async (fields: Fields, most?: number): Promise<readonly unknown[]> =>
        (await store.read('wlog', at(fields), most)).map(([k]) => field(k, 'Offset'))
      assert.equal((await offsets({ Offset: 1n })).length, 300)
      assert.deepEqual(await offsets({ Offset: 7n, Count: 2n }), [7n, 8n])
      assert.equal((await offsets({ Offset: 2n, Count: 200n })).length, 200)
      assert.deepEqual(await offsets({ Offset: 300n, Count: 5n }), [300n])
      assert.deepEqual(await offsets({ Offset: 1n, WSID: 2n }), [])
      assert.deepEqual(await offsets({ Offset: 1n, Count: 0n }), [])
      assert.equal((await offsets({ Offset: 1n }, 130)).length, 130)
      const row = await store.get('wlog', at({ Offset: 3n }))
      assert.ok(row !== undefined && 'read' in row && typeof row.read === 'function')
      assert.equal(row.read('int64', 'Offset'), 3n)
      assert.deepEqual(row.read('QName', 'QName'), name('NewOrder'))
      assert.equal(row.read('bool', 'Synced'), false)
      assert.equal(row.read('int64', 'None'), undefined)
      assert.equal(await store.get('wlog', at({ Offset: 301n })), undefined)
      await assert.rejects(store.get('wlog', at({ Offset: -1n })), code('EXTENSION_FIELD', /out of range/))
    })
  })
}
