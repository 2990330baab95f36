import type { Case } from '../harness/suite.ts'

/** The rows, by which figures are quoted. */
export const cases = {
  alone: 'process round trip, depth 1',
  pipelined: 'process round trip, depth 64',
  waiting: 'process round trip, depth 64, one at a time',
  start: 'process start, first call, stop',
  restart: 'process crash, and the next good call',
} as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  { name: cases.alone, does: 'One call after another: an object of one number to a process and back.' },
  { name: cases.pipelined, does: 'The same with 64 calls under way, given to the process at once (`pipeline: 64`).' },
  { name: cases.waiting, does: 'The same with 64 calls under way, of which the process is given one at a time.' },
  { name: cases.start, does: 'From bytes to an answer, and until the process is gone.' },
  { name: cases.restart, does: 'A call that ends its process, and a call that a new process answers.' },
]
