import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { check } from './check.ts'
import { ours } from './runtime.ts'
import { missing, table } from './table.ts'

suite('mortise serve --openwhisk is an action runtime', { concurrency: 4 }, async () => {
  for (const row of table) {
    if (row.only === 'reference') continue
    const reason = await missing(row)
    test(`${row.id}: ${row.about}`, { skip: reason }, async () => {
      assert.deepEqual(await check(row, ours, 'mortise'), [])
    })
  }
})
