import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from '../../support/random.ts'
import { fuzz } from './fuzz/fuzz.ts'

// `npm run fuzz -- deploy` sends thousands.
test('the deploy API answers whatever its description suggests as that says, and changes nothing by what it refuses', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const { statuses, succeeded, operations, failures } = await fuzz(randomOf(seed), 300)
  t.diagnostic(JSON.stringify([...statuses].toSorted(([a], [b]) => a - b)))
  assert.deepEqual(failures, [])
  assert.deepEqual(
    [...operations].filter((operation) => !succeeded.has(operation)),
    [],
    'each operation succeeds at times, or its answers are never looked at',
  )
})
