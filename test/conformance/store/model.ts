import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Row } from 'mortise/extension'
import { amount, type Fields, fresh, update, viewKey } from './fixture.ts'
import type { StoreTarget } from './target.ts'

/** A transaction of writes, each of an amount, or of a note beside the amount that is there. */
interface Writes {
  readonly rows: readonly { readonly key: readonly [number, number, number]; readonly amount: bigint | undefined }[]
  /** Ends with a write that fails. */
  readonly fails: boolean
}

const small = fc.integer({ min: 0, max: 3 })
const key = fc.tuple(small, small, small)
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const writes: fc.Arbitrary<Writes> = fc.record({
  rows: fc.array(fc.record({ key, amount: fc.option(int64, { nil: undefined }) }), { minLength: 1, maxLength: 8 }),
  fails: fc.boolean(),
})

const fieldsOf = ([Year, Month, Day]: readonly [number, number, number]): Fields => ({ Year, Month, Day })
const show = (row: Row | undefined): string =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))

/** Views against a model of them: whatever is written, whatever fails. */
export function testModel(target: StoreTarget): void {
  describe(`views on ${target.name}, whatever is written`, () => {
    it('hold what was committed, in the order of their keys', async (t) => {
      const { stack, store } = await fresh(target)
      await using _ = stack
      const seed = Date.now() % 2 ** 31
      t.diagnostic(`seed ${seed}`)
      let workspace = 100n
      const property = fc.asyncProperty(fc.array(writes, { maxLength: 6 }), async (transactions) => {
        workspace++
        let model = new Map<string, { readonly Amount: bigint | null; readonly Note: string | null }>()
        for (const { rows, fails } of transactions) {
          const next = new Map(model)
          const intents = rows.flatMap(({ key: [year, month, day], amount: given }) => {
            const id = `${year}${month}${day}`
            const there = next.get(id)
            if (given === undefined && there === undefined) return []
            next.set(
              id,
              given === undefined ? { Amount: there?.Amount ?? null, Note: 'x' } : { Amount: given, Note: null },
            )
            return given === undefined
              ? [update(viewKey('app.Amounts', fieldsOf([year, month, day])), {}, { Note: 'x' })]
              : [amount(year, month, day, { Amount: given })]
          })
          const missing = update(viewKey('app.Amounts', fieldsOf([9, 9, 9])), {}, { Note: 'x' })
          if (fails) await assert.rejects(store.write([...intents, missing], workspace))
          else {
            await store.write(intents, workspace)
            model = next
          }
        }
        const all: (readonly [string, string])[] = []
        for (const year of [0, 1, 2, 3]) {
          for (const [at, row] of await store.read('view', viewKey('app.Amounts', { Year: year, WSID: workspace })))
            all.push([`${year}${String(Reflect.get(at, 'Month'))}${String(Reflect.get(at, 'Day'))}`, show(row)])
        }
        assert.deepEqual(
          all,
          [...model].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, row]) => [id, show(row)]),
        )
      })
      await fc.assert(property, { seed, numRuns: 50 })
    })
  })
}
