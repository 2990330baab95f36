import type { WasmOptions } from 'mortise/wasm'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject, Variants } from '../harness/suite.ts'
import { plugState } from '../restore/state.ts'
import { cases, lags } from './cases.ts'
import { all } from './guests.ts'
import { kernelBench } from './kernel.ts'
import { lagBench, lagInPlace, sizes } from './lag.ts'

const none: WasmOptions = { deadline: Infinity, restore: 'on-error' }
const restore = 'every-lease'
const every: WasmOptions = { deadline: 100, fuel: '1e6', restore }

async function noopBench(size: 0 | 1, options: WasmOptions): Promise<Bench> {
  const plugin = await plugState(size, options)
  const { noop } = plugin.hooks
  let before = 0
  return {
    run(count) {
      before = plugin.stats().calls
      for (let n = 0; n < count; n++) {
        const result: unknown = noop()
        if (result !== undefined) wrong(result)
      }
      // The host counts calls itself, so it is known that none was left out.
      if (plugin.stats().calls - before !== count) wrong(plugin.stats())
    },
  }
}

const noops = (size: 0 | 1): Variants => ({
  none: () => noopBench(size, none),
  deadline: () => noopBench(size, { ...none, deadline: 100 }),
  fuel: () => noopBench(size, { ...none, fuel: '1e6' }),
  'every-lease': () => noopBench(size, { ...none, restore }),
  all: () => noopBench(size, every),
})

const kernelCases = all.map((kernel): [string, Variants] => [
  kernel.name,
  {
    deadline: () => kernelBench(kernel, { deadline: true }),
    'dirty pages': () => kernelBench(kernel, { dirty: true }),
    fuel: () => kernelBench(kernel, { fuel: true }),
    all: () => kernelBench(kernel, { deadline: true, dirty: true, fuel: true }),
  },
])

export const subject: Subject = {
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  cases: {
    ...Object.fromEntries(kernelCases),
    [cases.noop]: noops(0),
    [cases.growing]: noops(1),
    [lags.small]: { '': () => lagBench(sizes.small), 'in place': () => lagInPlace(sizes.small) },
    [lags.large]: { '': () => lagBench(sizes.large), 'in place': () => lagInPlace(sizes.large) },
  },
}
