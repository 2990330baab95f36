import type { Case } from '../harness/suite.ts'
import { all } from './guests.ts'

/** The rows of calls, by which figures are quoted; the others are named like the kernels. */
export const cases = { noop: 'no-op hook', growing: 'no-op hook, guest that can grow' } as const

/** What is measured of the event loop, not of calls. */
export const lags = {
  small: 'event-loop lag while a 1 MB module is plugged',
  large: 'event-loop lag while a 10 MB module is plugged',
} as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  ...all,
  { name: cases.noop, does: 'A hook that was kept and does nothing, under limits, one at a time and all at once.' },
  {
    name: cases.growing,
    does: 'The same in a guest that has `memory.grow` somewhere, as every guest with an allocator has.',
  },
  {
    name: lags.small,
    does: 'The longest time for which the event loop did nothing else, while a module that the process had never seen was plugged; and the same where it is validated and rewritten in place.',
  },
  { name: lags.large, does: 'The same for ten times as much.' },
]
