import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { randomOf } from '../support/random.ts'
import { killPostgres } from './kill/postgres.ts'
import { killSqlite } from './kill/sqlite.ts'

describe('a program that is killed while it writes to a store', () => {
  for (const synchronous of ['FULL', 'NORMAL'] as const) {
    it(`leaves views that are a replay of the log, and all that was acknowledged: SQLite, ${synchronous}`, async (t) => {
      const seed = Date.now() % 2 ** 31
      t.diagnostic(`seed ${seed}`)
      const { unlike } = await killSqlite(3, randomOf(seed), synchronous)
      assert.deepEqual(unlike, [])
    })
  }

  it('leaves views that are a replay of the log, and all that was acknowledged: PostgreSQL, which also crashes', async (t) => {
    const seed = Date.now() % 2 ** 31
    t.diagnostic(`seed ${seed}`)
    const { unlike } = await killPostgres(4, randomOf(seed))
    assert.deepEqual(unlike, [])
  })
})
