import type { Subject } from '../../harness/suite.ts'
import { cases } from '../cases.ts'
import { addBench, echoBench, jsonBench, noopBench, swappedBench } from './calls.ts'
import { loadBench } from './load.ts'
import { freshBench, restoreBench, trapBench } from './state.ts'

export const subject: Subject = {
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.noop]: { '': noopBench },
    [cases.swapped]: { '': swappedBench },
    [cases.add]: { '': addBench },
    [cases.echo]: { 'UTF-8': () => echoBench('echo8'), 'UTF-16': () => echoBench('echo16') },
    [cases.json]: { '': jsonBench },
    [cases.cold]: { '': () => loadBench(false) },
    [cases.warm]: { '': () => loadBench(true) },
    [cases.restore]: { '': () => restoreBench(1) },
    [cases.restoreAll]: { '': () => restoreBench(512) },
    [cases.fresh]: { '': freshBench },
    [cases.trap]: { '': trapBench },
  },
}
