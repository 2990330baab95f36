import { fuzz, list } from '../wasm/fuzz/run.ts'
import { spoil } from '../wasm/fuzz/spoil.ts'
import type { Proof } from './proof.ts'

export const fuzzed: Proof = {
  name: 'fuzz',
  about: 'modules of a fuzzer do with every combination of passes what they do without',
  async run({ seed, share, progress }) {
    const modules = Math.ceil(2_500 * share)
    const report = await fuzz(seed, modules, undefined, (done) => progress(done, modules))
    return {
      count: report.modules,
      of: 'modules',
      unlike: report.failures.map(({ index, what, file }) => `module ${index} of seed ${seed} (${file}): ${what}`),
      note: `${report.compared} runs compared, ${report.again} after a restore; ${report.nan} unlike in bits of NaNs only, ${report.overflows} with a full stack`,
    }
  },
}

export const mutated: Proof = {
  name: 'mutate',
  about: 'a spoilt module is refused with a code, or is valid before and after',
  async run({ seed, share, progress }) {
    const modules = Math.ceil(100_000 * share)
    try {
      const outcomes = await spoil(seed, modules, async (_, index) => progress(index, modules))
      return { count: modules, of: 'modules', unlike: [], note: list(outcomes) }
    } catch (thrown) {
      return { count: modules, of: 'modules', unlike: [String(thrown)] }
    }
  },
}
