import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recordKey, insert, update, name, field, draft, code, fresh } from './fixture.ts'
import type { StoreTarget } from './target.ts'
import type { Intent, QName } from 'mortise/extension'
import type { Logged } from 'mortise/storages/sqlite'

/** `sys.Record`: what a store does for records. */
export function testRecord(target: StoreTarget): void {
  describe(`sys.Record on ${target.name}`, () => {
    it('keeps every type of field, and gives it back as it was', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const values = {
        I32: -(2 ** 31),
        I64: -(2n ** 63n),
        F32: Math.fround(0.1),
        F64: Number.MIN_VALUE,
        Bool: true,
        Text: 'Grüße 🦀 \u{10ffff}',
        Bytes: Uint8Array.of(0, 255, 7),
        Name: { pkg: 'app', entity: 'Order' },
        Ref: 2n ** 63n - 1n,
      }
      const { newIDs } = await store.append(draft(), [insert(recordKey('app.Everything'), { 'sys.ID': 1n, ...values })])
      const id = newIDs.get(1n)
      assert.ok(id !== undefined && id > 65_535n)
      assert.deepEqual(await store.get('record', recordKey('app.Everything', { ID: id })), {
        'sys.QName': name('Everything'),
        'sys.ID': id,
        'sys.ParentID': null,
        'sys.Container': '',
        'sys.IsActive': true,
        ...values,
        Bytes: values.Bytes,
      })
    })

    it('keeps names of packages that have points, and refuses names that would not come back', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const Name = { pkg: 'example.com/shop/v1.2', entity: 'Order' }
      const write = (named: QName): Promise<Logged> =>
        store.append(draft({ name: named }), [insert(recordKey('app.Everything'), { 'sys.ID': 1n, Name: named })])
      const { newIDs } = await write(Name)
      const row = await store.get('record', recordKey('', { ID: newIDs.get(1n) ?? 0n }))
      assert.deepEqual(field(row, 'Name'), Name)
      assert.deepEqual((await store.events())[0]?.name, Name)
      const bad = (named: QName): Intent => insert(recordKey('app.Everything'), { Name: named })
      await assert.rejects(store.write([bad({ pkg: 'app', entity: 'a.b' })]), code('EXTENSION_FIELD', /'a\.b'/))
      await assert.rejects(store.append(draft({ name: { pkg: 'app', entity: 'a.b' } }), []), code('INPUT_INVALID'))
      // Some databases keep U+0000, and some do not.
      await store.write([bad({ pkg: 'app', entity: '\0' })]).catch(code('EXTENSION_FIELD', /U\+0000/))
    })

    it('gives null for fields that were never written, and nothing for records that are not there', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const { newIDs } = await store.append(draft(), [insert(recordKey('app.Order'), { 'sys.ID': 5n })])
      const id = newIDs.get(5n) ?? 0n
      assert.equal(field(await store.get('record', recordKey('', { ID: id })), 'Waiter'), null)
      assert.equal(await store.get('record', recordKey('', { ID: id + 1n })), undefined)
      assert.equal(await store.get('record', recordKey('app.User', { ID: id })), undefined)
      assert.equal(await store.get('record', recordKey('', { ID: id }), 2n), undefined)
      assert.equal(field(await store.get('record', recordKey('', { ID: id, WSID: 1n }), 2n), 'sys.ID'), id)
    })

    it('gives rows of several keys in their order', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const orders = [1n, 2n, 3n].map((id) => insert(recordKey('app.Order'), { 'sys.ID': id, Day: Number(id) }))
      const { newIDs } = await store.append(draft(), orders)
      const keys = [3n, 9n, 1n].map((raw) => recordKey('', { ID: newIDs.get(raw) ?? 99_999_999n }))
      const rows = await store.getBatch('record', keys)
      assert.deepEqual(
        rows.map((row) => row && field(row, 'Day')),
        [3, undefined, 1],
      )
    })

    it('updates the fields that were written, and deactivates', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const { newIDs } = await store.append(draft(), [
        insert(recordKey('app.Order'), { 'sys.ID': 1n, Waiter: 'Ann', Day: 3 }),
      ])
      const at = recordKey('', { ID: newIDs.get(1n) ?? 0n })
      await store.write([update(at, await store.get('record', at), { Day: 4 })])
      await store.write([update(at, await store.get('record', at), { 'sys.IsActive': false })])
      const row = await store.get('record', at)
      assert.deepEqual([field(row, 'Waiter'), field(row, 'Day'), field(row, 'sys.IsActive')], ['Ann', 4, false])
    })

    it('updates no other record than the one that the key says', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const written = [
        insert(recordKey('app.Order'), { 'sys.ID': 1n }),
        insert(recordKey('app.User'), { 'sys.ID': 2n }),
      ]
      const { newIDs } = await store.append(draft(), written)
      const ID = newIDs.get(1n) ?? 0n
      const order = await store.get('record', recordKey('app.Order', { ID }))
      // Who may write users only could write orders as well.
      await assert.rejects(
        store.write([update(recordKey('app.User', { ID }), order, { Day: 1 })]),
        code('EXTENSION_NAME', /app\.User.*app\.Order/),
      )
      await assert.rejects(
        store.write([update(recordKey('app.Order', { ID: newIDs.get(2n) ?? 0n }), order, { Day: 1 })]),
        code('EXTENSION_FIELD', /ID/),
      )
      for (const key of [recordKey('app.Order', { ID }), recordKey('', { ID }), recordKey('')])
        await store.write([update(key, order, { Day: 1 })])
    })

    it('puts identifiers of new records in the place of those that stood for them', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const { newIDs, event } = await store.append(draft(), [
        insert(recordKey('app.Order'), { 'sys.ID': 1n, Previous: 2n }),
        insert(recordKey('app.Order'), { 'sys.ID': 2n }),
        insert(recordKey('app.OrderItem'), { 'sys.ParentID': 1n, 'sys.Container': 'Items', Quantity: 2 }),
      ])
      const [first, second] = [newIDs.get(1n), newIDs.get(2n)]
      assert.ok(first !== undefined && second !== undefined && first !== second)
      assert.equal(field(await store.get('record', recordKey('', { ID: first })), 'Previous'), second)
      assert.equal(event.cuds[2]?.fields['sys.ParentID'], first)
      await assert.rejects(
        store.write([insert(recordKey('app.Order'), { Previous: 7n })]),
        code('EXTENSION_FIELD', /Previous is 7/),
      )
      await assert.rejects(
        store.write([insert(recordKey('app.Order'), { 'sys.ID': 70_000n })]),
        code('EXTENSION_FIELD', /from 1 to 65535/),
      )
      await assert.rejects(
        store.write([insert(recordKey('app.Order'), { Previous: -1n })]),
        code('EXTENSION_FIELD', /out of range/),
      )
    })

    it('refuses a parent that is not there, or holds no such records', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const item = { 'sys.ParentID': 99_999n, 'sys.Container': 'Items' }
      await assert.rejects(store.write([insert(recordKey('app.OrderItem'), item)]), code('EXTENSION_ABSENT'))
      await assert.rejects(
        store.write([
          insert(recordKey('app.Order'), { 'sys.ID': 1n }),
          insert(recordKey('app.User'), { 'sys.ParentID': 1n, 'sys.Container': 'Items' }),
        ]),
        code('EXTENSION_FIELD', /no container/),
      )
    })

    it('has one singleton in a workspace, which is found without an identifier', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const at = recordKey('app.Settings', { IsSingleton: true })
      assert.equal(await store.get('record', at), undefined)
      await store.write([insert(recordKey('app.Settings'), { Name: 'one' })])
      await store.write([insert(recordKey('app.Settings'), { Name: 'other' })], 2n)
      assert.equal(field(await store.get('record', at), 'Name'), 'one')
      assert.equal(field(await store.get('record', recordKey('', { Singleton: name('Settings') })), 'Name'), 'one')
      await assert.rejects(store.write([insert(recordKey('app.Settings'), { Name: 'two' })]), code('STORE_CONFLICT'))
      await assert.rejects(store.get('record', recordKey('app.Order', { IsSingleton: true })), code('EXTENSION_NAME'))
      await assert.rejects(
        store.get('record', recordKey('', { IsSingleton: true })),
        code('EXTENSION_NAME', /entity undefined/),
      )
    })

    it('refuses keys and names that nothing can have', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      await assert.rejects(
        store.get('record', recordKey('')),
        code('EXTENSION_FIELD', /RecordID fields is 0: not found/),
      )
      await assert.rejects(store.get('record', recordKey('', { ID: -1n })), code('EXTENSION_FIELD', /out of range:-1/))
      await assert.rejects(store.get('record', recordKey('', { ID: 1n, WSID: -1n })), code('EXTENSION_FIELD', /wsid/))
      await assert.rejects(store.get('record', recordKey('app.None', { ID: 1n })), code('EXTENSION_NAME', /app\.None/))
      await assert.rejects(store.write([insert(recordKey(''))]), code('EXTENSION_NAME'))
      await assert.rejects(
        store.write([insert(recordKey('app.Order', { WSID: 2n }))]),
        code('EXTENSION_FIELD', /another workspace/),
      )
      await assert.rejects(
        store.write([insert(recordKey('app.Everything'), { F64: NaN })]),
        code('EXTENSION_FIELD', /NaN/),
      )
      const gone = { 'sys.QName': name('Order'), 'sys.ID': 999_999n }
      await assert.rejects(store.write([update(recordKey(''), gone, { Day: 1 })]), code('EXTENSION_ABSENT'))
    })
  })
}
