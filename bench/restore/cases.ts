import type { Case } from '../harness/suite.ts'
import type { Size } from './guests.ts'

/** Memory that a call writes to: the guest's size, how many pages of 4 KiB, and how many of them one page apart. */
export interface Written extends Case {
  readonly size: Size
  readonly pages: number
  readonly apart: number
}

const does =
  'What a call costs more when the guest is restored after it; the call writes a word to each of so many pages:'

/** Spread evenly, so that as few as possible are neighbours. */
export const written: readonly Written[] = [
  { name: '2 MiB, 1 % written', does: `${does} 5 of 512.`, size: 32, pages: 5, apart: 102 },
  { name: '2 MiB, 50 % written', does: `${does} each second of 512.`, size: 32, pages: 256, apart: 2 },
  { name: '2 MiB, 100 % written', does: `${does} all 512.`, size: 32, pages: 512, apart: 1 },
  { name: '8 MiB, 100 % written', does: `${does} all 2,048.`, size: 128, pages: 2048, apart: 1 },
  { name: '100 MiB, 1 % written', does: `${does} each 100th of 25,600.`, size: 1600, pages: 256, apart: 100 },
  { name: '100 MiB, 70 % written', does: `${does} the first 17,920 of 25,600.`, size: 1600, pages: 17_920, apart: 1 },
]

/** The other rows: the names that figures are quoted by. */
export const cases = {
  grown: 'grown from 2 to 100 MiB, 70 % written',
  zeroing: 'the growth after that',
  fresh: 'call with guaranteed fresh state',
  trap: 'next good call after a trap',
  deadline: 'next good call after a deadline',
  memory: 'next good call after an out-of-memory',
  reset: 'reset of a peer',
} as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  ...written,
  {
    name: cases.grown,
    does: 'From the end of a guest that grew from 2 to 100 MiB and wrote to 70 % of it, to the end of the next good call.',
  },
  { name: cases.zeroing, does: 'A guest that was restored after that grows to 100 MiB again, and writes nothing.' },
  { name: cases.fresh, does: 'A call that writes one page, and finds a guest that was never called before.' },
  {
    name: cases.trap,
    does: 'A call that changes state and runs into `unreachable`, then one that finds nothing changed.',
  },
  { name: cases.deadline, does: 'The same with a call that never ends, less its deadline of 1 ms.' },
  { name: cases.memory, does: 'The same with a call that is refused memory and gives up.' },
  {
    name: cases.reset,
    does: "What a call costs more with Extism's `reset()` before it, which leaves the guest's memory as it is.",
  },
]
