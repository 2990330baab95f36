import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { randomOf } from '../support/random.ts'
import { killSqlite } from './kill/sqlite.ts'

describe('a program that is killed while it writes to a store on SQLite', () => {
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    it(`leaves views that are a replay of the log, and all that was acknowledged: ${synchronous}`, async (t) => {
      const seed = Date.now() % 2 ** 31
      t.diagnostic(`seed ${seed}`)
      const { unlike } = await killSqlite(3, randomOf(seed), synchronous)
      assert.deepEqual(unlike, [])
    })
  }
})
