import type { WasmOptions } from 'mortise/wasm'
import { noopBench, plugProbe } from '../engine/mortise/calls.ts'
import { fresh, wrong } from '../engine/work.ts'
import type { Bench, Subject, Variants } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { all } from './guests.ts'
import { kernelBench } from './kernel.ts'

const none: WasmOptions = { deadline: Infinity, restore: 'on-error' }
const restore = 'every-lease'
const every: WasmOptions = { deadline: 100, fuel: '1e6', restore }

async function freshBench(options: WasmOptions): Promise<Bench> {
  const { bump } = (await plugProbe(options)).hooks
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = bump()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

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
    [cases.noop]: {
      none: () => noopBench(none),
      deadline: () => noopBench({ ...none, deadline: 100 }),
      fuel: () => noopBench({ ...none, fuel: '1e6' }),
      'every-lease': () => noopBench({ ...none, restore }),
      all: () => noopBench(every),
    },
    [cases.fresh]: {
      'every-lease': () => freshBench({ ...none, restore }),
      all: () => freshBench(every),
    },
  },
}
