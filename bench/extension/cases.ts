import type { Case } from '../harness/suite.ts'

/** The names of the reference engine's benchmarks, what we expect (ns), and what it published for itself. */
const rows = [
  ['doNothing', 'An extension that does nothing.', 10, '62.5–304 ns'],
  ['oneKey1call', 'A key builder.', 60, '254–1449 ns'],
  ['oneGetNoIntents2calls', 'A key builder, and the value of it.', 90, '678–2519 ns'],
  ['oneGetOneIntent5calls', 'A value, and an intent with a field of text.', 250, '1.3–5.9 µs'],
  ['oneGetLongStr3calls', 'A value, and 500 characters of it in the memory of the guest.', 250, '0.68–48 µs'],
] as const

/** The name of a row. */
export type CaseName = (typeof rows)[number][0]

/** Rows of guests that are restored and run again, because they were refused memory: its pages, and how much of it they had filled. */
export interface Filled extends Case {
  readonly pages: number
  readonly part: number
}

const recovery = (name: string, pages: number, part: number, published: string): Filled => ({
  name: `recover ${name}`,
  does: `A call that is refused memory, the restore, and what is done twice for it. The reference engine published ${published}.`,
  pages,
  part,
})

/** The reference engine's sizes. It makes a new instance. */
export const filled: readonly Filled[] = [
  recovery('2 MiB, 1 %', 32, 0.05, '169 µs'),
  recovery('2 MiB, 50 %', 32, 0.5, '178 µs'),
  recovery('2 MiB, 100 %', 32, 1, '191 µs'),
  recovery('8 MiB, 100 %', 128, 1, '760 µs'),
  recovery('100 MiB, 70 %', 1525, 0.7, '9.0 ms'),
]

/** Rows of calls on states whose storages may wait: what a guest does, and how many calls are in flight. */
export const waiting = [
  { name: 'may wait, and does not', hook: 'doNothing', flights: 1, most: 700 },
  { name: 'waits once', hook: 'oneGetNoIntents2calls', flights: 1, most: 900 },
  { name: 'waits once, 4 in flight', hook: 'oneGetNoIntents2calls', flights: 4, most: 900 },
  { name: 'waits once, 64 in flight', hook: 'oneGetNoIntents2calls', flights: 64, most: undefined },
] as const

/** Rows of a guest with a garbage collector of its own: what it does before, off the clock, and what is measured. */
export const collecting = [
  { name: 'a call, no collection', before: undefined, hook: 'simple', published: '83 ns' },
  { name: 'collection after no allocation', before: undefined, hook: 'collect', published: '47.3 ms' },
  { name: 'collection after 10,000 allocations', before: 'litter', hook: 'collect', published: '46.6 ms' },
] as const

/** Everything that is measured. */
export const described: readonly Case[] = [
  ...rows.map(([name, does, , published]) => ({
    name,
    does: `${does} The reference engine published ${published} (an i7-12700, with its own stub).`,
  })),
  ...filled.map(({ name, does }) => ({ name, does })),
  ...collecting.map(({ name, published }) => ({
    name,
    does: `A guest of AssemblyScript, with its incremental collector. The reference engine published ${published} for a guest of TinyGo.`,
  })),
  ...waiting.map(({ name, flights }) => ({
    name,
    does: `A hook of asyncExtensions, over a storage that answers with a promise which has resolved; ${flights} in flight.`,
  })),
]

/** What each row may take, in nanoseconds. */
export const expected: readonly (readonly [name: string, most: number])[] = [
  ...rows.map(([name, , most]) => [name, most] as const),
  ...waiting.flatMap(({ name, most }) => (most === undefined ? [] : [[name, most] as const])),
]

/** The rows that are one call of an extension each. */
export const calls: readonly CaseName[] = rows.map(([name]) => name)
