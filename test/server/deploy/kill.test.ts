import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from '../../support/random.ts'
import { killServers } from './kill.ts'

test('a server that is killed while it is deployed to starts again with exactly what it had answered for', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const { unlike, answered } = await killServers(4, randomOf(seed))
  t.diagnostic(`${answered} changes were answered`)
  assert.deepEqual(unlike, [])
})
