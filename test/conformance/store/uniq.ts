import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Intent } from 'mortise/extension'
import { type Fields, key, recordKey, insert, update, draft, code, fresh } from './fixture.ts'
import type { StoreTarget } from './target.ts'

/** `sys.Uniq`: records by their uniques. */
export function testUniq(target: StoreTarget): void {
  describe(`sys.Uniq on ${target.name}`, () => {
    const user = (fields: Fields): Intent => insert(recordKey('app.User'), fields)

    it('finds active records by their uniques', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const { newIDs } = await store.append(draft(), [
        user({ 'sys.ID': 1n, Email: 'ann@example.com', Country: 'fr', Number: 7 }),
      ])
      const ID = newIDs.get(1n) ?? 0n
      assert.deepEqual(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' })), { ID })
      assert.deepEqual(await store.get('uniq', key('sys.Uniq', 'app.User', { Number: 7, Country: 'fr' })), { ID })
      assert.equal(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'bob@example.com' })), undefined)
      assert.equal(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' }), 2n), undefined)
      await assert.rejects(
        store.get('uniq', key('sys.Uniq', 'app.User', { Number: 7 })),
        code('EXTENSION_FIELD', /provided set of fields does not match any known unique of app\.User/),
      )
      await store.write([
        update(recordKey(''), await store.get('record', recordKey('', { ID })), { 'sys.IsActive': false }),
      ])
      assert.equal(await store.get('uniq', key('sys.Uniq', 'app.User', { Email: 'ann@example.com' })), undefined)
    })

    it('refuses a second active record, an update to it, and fields that nobody wrote twice', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const { newIDs } = await store.append(draft(), [
        user({ 'sys.ID': 1n, Email: 'ann@example.com', Country: 'fr', Number: 1 }),
        user({ 'sys.ID': 2n, Email: 'bob@example.com', Country: 'fr', Number: 2 }),
      ])
      await assert.rejects(
        store.write([user({ Email: 'ann@example.com', Country: 'de', Number: 1 })]),
        code('STORE_CONFLICT'),
      )
      const bob = recordKey('', { ID: newIDs.get(2n) ?? 0n })
      await assert.rejects(
        store.write([update(bob, await store.get('record', bob), { Number: 1 })]),
        code('STORE_CONFLICT'),
      )
      await store.write([user({ Email: 'eve@example.com' })])
      await assert.rejects(store.write([user({ Email: 'joe@example.com' })]), code('STORE_CONFLICT'))
      await store.write([user({ Email: 'ann@example.com', Country: 'fr', Number: 1 })], 2n)
    })
  })
}
