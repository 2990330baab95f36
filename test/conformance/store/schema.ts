import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { schema, type SchemaDefinition } from 'mortise/storages'
import { definition, types, key, recordKey, viewKey, insert, field, draft, code } from './fixture.ts'
import type { StoreTarget } from './target.ts'

/** How a store follows its schema. */
export function testSchema(target: StoreTarget): void {
  describe(`the schema on ${target.name}`, () => {
    it('grows: records, views, fields and uniques are added, and what is gone from it stays', async () => {
      await using place = await target.place()
      const before = schema({
        records: { 'app.User': { fields: { Email: 'string' } }, 'app.Old': { fields: { A: 'int32' } } },
        views: { 'app.V': { partition: { P: 'int32' }, value: { A: 'int32' } } },
      })
      {
        await using store = await place.open(before)
        await store.append(draft(), [
          insert(recordKey('app.User'), { Email: 'ann@example.com' }),
          insert(recordKey('app.User'), {}),
          insert(viewKey('app.V', { P: 1 }), { A: 1 }),
        ])
      }
      {
        await using store = await place.open(
          schema({
            records: {
              'app.User': { fields: { Email: 'string', Age: 'int32' }, uniques: [['Email']] },
              'app.New': {},
            },
            views: {
              'app.V': { partition: { P: 'int32' }, value: { A: 'int32', B: 'string' } },
              'app.W': { partition: { P: 'int32' } },
            },
          }),
        )
        const found = await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' }))
        const row = await store.get('record', recordKey('app.User', { ID: field(found, 'ID') ?? 0n }))
        assert.equal(field(row, 'Age'), null)
        await assert.rejects(store.write([insert(recordKey('app.User'), {})]), code('STORE_CONFLICT'))
        await store.write([insert(recordKey('app.New'))])
        assert.deepEqual(await store.get('view', viewKey('app.V', { P: 1 })), { A: 1, B: null })
        await store.write([insert(viewKey('app.W', { P: 1 }))])
        await store.write([insert(viewKey('app.W', { P: 1 }))])
        assert.deepEqual(await store.get('view', viewKey('app.W', { P: 1 })), {})
      }
      await using again = await place.open(before)
      await again.write([insert(recordKey('app.User'), { Email: 'ann@example.com' })])
    })

    it('is refused where a type has changed, or a unique that records break', async () => {
      await using place = await target.place()
      {
        await using store = await place.open(types)
        const user = insert(recordKey('app.User'), { Email: 'a', Country: 'b', Number: 1 })
        await store.write([
          user,
          insert(recordKey('app.Order'), { Day: 1 }),
          insert(recordKey('app.Order'), { Day: 1 }),
        ])
      }
      const { records, views } = definition
      const changed: readonly (readonly [SchemaDefinition, RegExp])[] = [
        [
          { records: { ...records, 'app.OrderItem': { fields: { Quantity: 'int64' } } } },
          /Quantity of app\.OrderItem is int32/,
        ],
        [{ records: { ...records, 'app.OrderItem': { singleton: true } } }, /app\.OrderItem is a record there/],
        [{ views: { ...views, 'app.Names': { partition: { P: 'bool' } } } }, /app\.Names is a view \(P bool; /],
        [{ views: { 'app.Order': { partition: { P: 'bool' } } } }, /app\.Order is a record there/],
        [{ records: { 'app.Order': { fields: { Day: 'int32' }, uniques: [['Day']] } } }, /have the same Day/],
      ]
      for (const [one, text] of changed) await assert.rejects(place.open(schema(one)), code('STORE_SCHEMA', text))
      await using store = await place.open(types)
      await store.write([insert(recordKey('app.OrderItem'), { Quantity: 1 })])
    })
  })
}
