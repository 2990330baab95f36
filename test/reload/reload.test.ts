import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reload } from './run.ts'

describe('versions that were swapped out', () => {
  for (const [what, loads, options] of [
    ['wasm', 200, { runtime: 'wasm' }],
    ['esm, in JavaScript', 100, { runtime: 'esm', size: '20', language: 'js' }],
    ['esm, in TypeScript', 100, { runtime: 'esm', size: '20', language: 'ts' }],
    ['process', 10, { runtime: 'process', size: '2' }],
  ] as const) {
    it(`leave nothing open, on ${what}`, async () => {
      const { descriptors, processes, files, alive, heap } = await reload(
        { ...options, loads: String(loads) },
        'collected',
      )
      assert.deepEqual({ descriptors, processes, files }, { descriptors: 0, processes: 0, files: 0 })
      if (options.runtime !== 'esm') return
      assert.equal(alive, 1)
      // A version of 20 KiB that V8 keeps compiled takes more than its source.
      assert(heap < 5, `${heap} KiB of each are in the heap`)
    })
  }
})
