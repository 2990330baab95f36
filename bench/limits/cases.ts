import type { Case } from '../harness/suite.ts'
import { all } from './guests.ts'

/** The rows of calls, by which figures are quoted; the others are named like the kernels. */
export const cases = { noop: 'no-op hook', growing: 'no-op hook, guest that can grow' } as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  ...all,
  { name: cases.noop, does: 'A hook that was kept and does nothing, under limits, one at a time and all at once.' },
  {
    name: cases.growing,
    does: 'The same in a guest that has `memory.grow` somewhere, as every guest with an allocator has.',
  },
]
