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

/** Everything that is measured. */
export const described: readonly Case[] = rows.map(([name, does, , published]) => ({
  name,
  does: `${does} The reference engine published ${published} (an i7-12700, with its own stub).`,
}))

/** What each row may take, in nanoseconds. */
export const expected: Readonly<Record<CaseName, number>> = {
  doNothing: rows[0][2],
  oneKey1call: rows[1][2],
  oneGetNoIntents2calls: rows[2][2],
  oneGetOneIntent5calls: rows[3][2],
  oneGetLongStr3calls: rows[4][2],
}
