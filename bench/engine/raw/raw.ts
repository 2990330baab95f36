import type { Subject } from '../../harness/suite.ts'
import { cases } from '../cases.ts'
import { caughtAdd, caughtNoop, echoUtf16, echoUtf8, inlinedNoop, json } from './calls.ts'
import { copyMemory, load, newInstance, replaceAfterTrap } from './state.ts'

export const subject: Subject = {
  name: 'raw WebAssembly',
  url: import.meta.url,
  role: 'reference',
  cases: {
    [cases.noop]: { 'in try/catch': caughtNoop, 'inlined by V8': inlinedNoop },
    [cases.add]: { 'in try/catch': caughtAdd },
    [cases.echo]: { 'UTF-8': echoUtf8, 'UTF-16': echoUtf16 },
    [cases.json]: {
      'new instance every 8 pages': () => json('order', 8),
      'with a collector': () => json('order-gc', Infinity),
    },
    [cases.cold]: { '': () => load(false) },
    [cases.warm]: { '': () => load(true) },
    [cases.restore]: { 'copy of the memory': () => copyMemory(1) },
    [cases.restoreAll]: { 'copy of the memory': () => copyMemory(512) },
    [cases.fresh]: { 'new instance': newInstance },
    [cases.trap]: { 'new instance': replaceAfterTrap },
  },
}
