import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise } from 'mortise'
import { wasm } from 'mortise/wasm'
import { anyType, anyValue } from './arbitrary.ts'
import { echoContract, echoGuest, filler } from './echo.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

describe(`values of any type, with seed ${seed}`, () => {
  for (const encoding of ['utf8', 'utf16', 'latin1+utf16'] as const) {
    it(`go through a guest whose strings are ${encoding} and come back equal`, async () => {
      const types = fc.sample(anyType(), { seed, numRuns: 60 })
      for (const [index, type] of types.entries()) {
        await using host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
        const open = echoContract(type)
        let passed: unknown
        const provided = open.provide({
          echo({ value }) {
            passed = value
            return value
          },
        })
        const { hooks } = await host.plug('echo', echoGuest(type, encoding), provided)
        for (const value of fc.sample(anyValue(type), { seed: seed + index, numRuns: 20 })) {
          const back = hooks.through({ value })
          assert.deepEqual(passed, value)
          assert.deepEqual(back, value)
          assert.deepEqual(hooks.inMemory({ value, filler }), { value, filler })
        }
      }
    })
  }
})
