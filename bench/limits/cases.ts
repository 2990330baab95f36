import type { Case } from '../harness/suite.ts'
import { all } from './guests.ts'

/** The rows of calls, by which figures are quoted; the others are named like the kernels. */
export const cases = { noop: 'no-op hook', fresh: 'call with guaranteed fresh state' } as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  ...all,
  { name: cases.noop, does: 'A hook that was kept and does nothing, under limits, one at a time and all at once.' },
  { name: cases.fresh, does: 'A call that writes one page, and finds a guest that was never called before.' },
]
