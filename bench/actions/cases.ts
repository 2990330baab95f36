import type { Case } from '../harness/suite.ts'

/** How many connections a load has. */
export const many = 32

/** The rows, by which figures are quoted. */
export const cases = {
  one: 'run, 1 connection',
  many: `run, ${many} connections`,
  tail: `run, ${many} connections, p99`,
  init: 'init to first answer',
  start: 'cold start',
} as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  { name: cases.one, does: 'One request after another over one connection, from another process: the time of one.' },
  {
    name: cases.many,
    does: `${many} connections, each with one request after another: the time of all by their number.`,
  },
  {
    name: cases.tail,
    does: `The same: the time that 99 of 100 requests take at most. A figure is of one load of a tenth of a second.`,
  },
  { name: cases.init, does: 'An action of 20 KB that was never seen is posted in the place of another, and answers.' },
  {
    name: cases.start,
    does: 'From the start of the process to its first reply, which says that there is no action yet.',
  },
]
