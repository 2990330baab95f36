import type { WasmOptions } from 'mortise/wasm'
import type { Bench, Subject, Variants } from '../../harness/suite.ts'
import { cases } from '../cases.ts'
import { addBench, echoBench, jsonBench, noopBench, swappedBench } from './calls.ts'
import { loadBench } from './load.ts'
import { freshBench, restoreBench, trapBench } from './state.ts'

/** As everybody has it, and without the one limit that no peer's row has. */
function withoutDeadline(bench: (options: WasmOptions) => Promise<Bench>): Variants {
  return { '': () => bench({}), 'no deadline': () => bench({ deadline: Infinity }) }
}

export const subject: Subject = {
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.noop]: withoutDeadline(noopBench),
    [cases.swapped]: withoutDeadline(swappedBench),
    [cases.add]: withoutDeadline(addBench),
    [cases.echo]: { 'UTF-8': () => echoBench('echo8'), 'UTF-16': () => echoBench('echo16') },
    [cases.json]: withoutDeadline(jsonBench),
    [cases.cold]: { '': () => loadBench(false) },
    [cases.warm]: { '': () => loadBench(true) },
    [cases.restore]: { '': () => restoreBench(1) },
    [cases.restoreAll]: { '': () => restoreBench(512) },
    [cases.fresh]: { '': freshBench },
    [cases.trap]: { '': trapBench },
  },
}
