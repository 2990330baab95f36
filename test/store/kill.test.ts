import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from '../support/random.ts'
import { killDeploys } from './kill/kill.ts'

test('a program that is killed while it deploys leaves exactly what it had answered for', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const { unlike } = await killDeploys(6, seed, randomOf(seed))
  assert.deepEqual(unlike, [])
})
