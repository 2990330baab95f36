import type { Case } from '../harness/suite.ts'

/** The rows of the suite: the names that figures are quoted by. */
export const cases = {
  noop: 'no-op hook, before any swap',
  swapped: 'no-op hook, after 200 swaps',
  add: 'add two integers',
  echo: '100-byte string in and out',
  json: '1 KB JSON in and out',
  cold: 'load, cold',
  warm: 'load, warm',
  restore: 'restore of 2 MiB, one page written',
  restoreAll: 'restore of 2 MiB, all pages written',
  fresh: 'call with guaranteed fresh state',
  trap: 'trap, and the next good call',
} as const

/** The same, with what happens in each. */
export const described: readonly Case[] = [
  { name: cases.noop, does: 'A hook that was kept and does nothing.' },
  { name: cases.swapped, does: 'The same kept hook, after its plugin was swapped 200 times between calls.' },
  { name: cases.add, does: 'Two 32-bit integers in, their sum out.' },
  { name: cases.echo, does: 'A text of 100 ASCII characters in, a copy of it out, both as JavaScript strings.' },
  {
    name: cases.json,
    does: 'An object of 1,024 characters of JSON in, the guest parses it, sums up its items, and gives all of it back; an object out.',
  },
  {
    name: cases.cold,
    does: 'From bytes never seen before to a guest that can be called; the call that checks it is off the clock.',
  },
  { name: cases.warm, does: 'The same from bytes that were loaded before and are still in use.' },
  {
    name: cases.restore,
    does: 'What a call costs more when the state of a guest with 2 MiB of memory is restored after it; the call writes one page.',
  },
  { name: cases.restoreAll, does: 'The same where the call writes to each of the 512 pages of 4 KiB.' },
  {
    name: cases.fresh,
    does: 'A call that finds, and is checked to find, a guest that was never called before; 64 KiB of memory where it has any.',
  },
  { name: cases.trap, does: 'A call that changes state and fails, then one that succeeds and finds nothing changed.' },
]
