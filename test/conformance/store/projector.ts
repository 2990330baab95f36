import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { viewKey, insert, amount, field, draft, code, writing, fresh } from './fixture.ts'
import type { StoreTarget, TestedStore, Project } from './target.ts'

/** Projectors. */
export function testProjector(target: StoreTarget): void {
  describe(`a projector on ${target.name}`, () => {
    const year = 2023
    const at = viewKey('app.Amounts', { Year: year, Month: 1, Day: 1 })
    const total = async (store: TestedStore): Promise<unknown> => {
      const row = await store.get('view', at)
      return row && field(row, 'Amount')
    }

    it('has each event once, in the order of the log, and its place is written with what it writes', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      for (let index = 1; index <= 5; index++) await store.append(draft({ argument: { N: index } }), [])
      const seen: bigint[] = []
      const project: Project = function* (events) {
        seen.push(...events.map(({ position }) => position))
        return yield* writing([insert(at, { Amount: events.at(-1)?.position ?? 0n })])
      }
      assert.equal(await store.project('totals', project, 3), 3)
      await assert.rejects(
        store.project('totals', function* () {
          yield* writing([])
          throw new Error('not this one')
        }),
        /not this one/,
      )
      await assert.rejects(
        store.project('totals', () =>
          writing([insert(at, { Amount: 99n }), amount(2023, 1, 1, { None: 1n }), insert(viewKey('app.Amounts'))]),
        ),
        code('EXTENSION_FIELD'),
      )
      assert.equal(await store.position('totals'), 3n)
      assert.equal(await total(store), 3n)
      assert.equal(await store.project('totals', project), 2)
      assert.equal(await store.project('totals', project), 0)
      assert.deepEqual(seen, [1n, 2n, 3n, 4n, 5n])
      assert.equal(await total(store), 5n)
      assert.equal(await store.position('others'), 0n)
    })

    it('starts again with empty views', async () => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      await store.append(draft(), [])
      await store.project('totals', () => writing([insert(at, { Amount: 1n })]))
      await store.restart('totals', ['app.Amounts'])
      assert.equal(await total(store), undefined)
      assert.equal(await store.position('totals'), 0n)
      assert.equal(await store.project('totals', () => writing([])), 1)
      await assert.rejects(store.restart('totals', ['app.Order']), code('EXTENSION_NAME'))
    })
  })
}
