import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Mortise, MortiseError } from 'mortise'
import { wasm } from 'mortise/wasm'
import { benchContract } from '../support/wat.ts'
import { list } from './fuzz/run.ts'
import { spoil } from './fuzz/spoil.ts'

const mebibytes = (kibibytes: number): number => kibibytes / 1024

// `npm run fuzz -- --mutate` spoils 100,000.
it('a spoilt module is refused with a code, or is valid before and after', { timeout: 60_000 }, async (t) => {
  await using host = new Mortise({ runtimes: [wasm({ deadline: '100 ms', fuel: 100_000, restore: 'every-lease' })] })
  const contract = benchContract({ f: ['func (i32) -> (i32)', () => (value: number) => value] })
  let before = 0
  let plugged = 0
  // One of twenty goes the whole way.
  const outcomes = await spoil(7, 4_000, async (bytes, index) => {
    if (index === 100) before = process.resourceUsage().maxRSS
    if (index % 20 !== 0) return
    try {
      await host.plug(`guest-${index}`, bytes, contract)
      plugged++
    } catch (thrown) {
      if (!MortiseError.is(thrown)) throw thrown
    }
  })
  const grown = mebibytes(process.resourceUsage().maxRSS - before)
  t.diagnostic(`${list(outcomes)}; ${plugged} of 200 were plugged in; at most ${Math.round(grown)} MiB more`)
  assert(grown < 256, `it took ${grown} MiB`)
  assert((outcomes.get('valid') ?? 0) > 100, 'too few are valid for the rewriter to have seen anything')
})
