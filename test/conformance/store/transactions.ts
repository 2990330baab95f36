import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { viewKey, update, amount, field, fresh } from './fixture.ts'
import type { StoreTarget } from './target.ts'

/** Transactions, and groups of them. */
export function testTransactions(target: StoreTarget): void {
  describe(`transactions on ${target.name}`, () => {
    it('undo an inner one alone', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      await store.nested(
        [amount(2023, 1, 1, { Amount: 1n })],
        [amount(2023, 1, 2, { Amount: 2n })],
        [amount(2023, 1, 3, { Amount: 3n })],
      )
      const rows = await store.read('view', viewKey('app.Amounts', { Year: 2023 }))
      assert.deepEqual(
        rows.map(([, value]) => field(value, 'Amount')),
        [1n, 3n],
      )
    })

    it('commit several works together, each of which fails alone', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const works = Array.from({ length: 200 }, (__, index) => [
        amount(2023, 1, index, { Amount: 1n }),
        ...(index === 7 ? [update(viewKey('app.Amounts', { Year: 1, Month: 1, Day: 1 }), {}, { Amount: 1n })] : []),
      ])
      const outcomes = await store.group(works)
      assert.deepEqual(
        outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
        [7],
      )
      assert.equal((await store.read('view', viewKey('app.Amounts', { Year: 2023 }))).length, 199)
    })
  })
}
