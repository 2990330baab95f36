import { parseArgs } from 'node:util'
import { randomOf } from '../../../support/random.ts'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, requests: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
console.log(`seed ${seed}`)
const { requests, statuses, succeeded, operations, failures } = await fuzz(
  randomOf(seed),
  Number(values.requests ?? 10_000),
)
const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
console.log(
  `${requests} requests: ${counts.join(', ')}; of ${operations.size} operations ${succeeded.size} succeeded at times`,
)
for (const failure of failures) console.log(failure)
if (failures.length > 0) process.exitCode = 1
