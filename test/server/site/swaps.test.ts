import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Place, swapped, unlikeOf } from './swaps.ts'

const some: readonly (readonly [place: Place, swaps: number])[] = [
  ['wasm', 30],
  ['esm', 50],
  ['process', 5],
]

for (const [place, swaps] of some) {
  test(`a site on ${place} is swapped under load: no request fails, none is answered by two versions, and each version is seen`, async (t) => {
    const seed = Date.now() % 2 ** 31
    t.diagnostic(`seed ${seed}`)
    const outcome = await swapped({ place, swaps, window: 300, pause: 0, seed })
    assert.deepEqual(unlikeOf(place, outcome), [])
  })
}
