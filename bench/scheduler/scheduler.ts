import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { cases, described, extenderCases, reference } from './cases.ts'
import { subject as extender } from './extender.ts'
import { givenName, givenSubject } from './given.ts'
import { buildGuests, given } from './guests.ts'
import { subject as sdk } from './sdk.ts'
import { subject as text } from './text.ts'

/** What each row may take, in nanoseconds: with a small guest, and with one of TinyGo of 1.1 MB. */
const expected: readonly (readonly [name: string, small: number, tinygo: number])[] = [
  [cases.first, 150e6, 150e6],
  [cases.cached, 30e6, 30e6],
  [cases.again, 0.1e6, 5e6],
  [cases.score, 80e3, 1.2e6],
  [cases.filter, 10e6, 10e6],
  [cases.cycle, 25e3, 25e3],
  [cases.restored, 30e3, 250e3],
]

/** Scheduler plugins: loads, attempts, and single calls. */
export const scheduler: Suite = {
  name: 'scheduler',
  cases: described,
  get subjects() {
    return given() === undefined ? [text, sdk, extender] : [text, sdk, extender, givenSubject()]
  },
  expectations: [
    ...expected.flatMap(([name, small, tinygo]) =>
      [text.name, sdk.name, givenName].map((subject) => within(name, subject, subject === givenName ? tinygo : small)),
    ),
    often(extenderCases.names, 'extender', 20, 100e6),
    often(extenderCases.full, 'extender (1 of 100 changed)', 3, 500e6),
  ],
  prepare: buildGuests,
}

function within(name: string, subject: string, most: number): Expectation {
  const published = reference[name]
  return {
    text: `${name}, ${subject}: at most ${time(most)}${published === undefined ? '' : ` (the reference: ${time(published)})`}`,
    judge(rows) {
      const figures = rows.find((row) => row.case === name && row.subject === subject)?.figures
      if (figures === undefined) return undefined
      return { met: figures.min <= most, because: `best round ${time(figures.min)}, median ${time(figures.value)}` }
    },
  }
}

/** So many in a second, and 99 of 100 of them within a time. */
function often(name: string, subject: string, least: number, most: number): Expectation {
  return {
    text: `${name}, ${subject}: at least ${least} a second, p99 at most ${time(most)}`,
    judge(rows) {
      const figures = rows.find((row) => row.case === name && row.subject === subject)?.figures
      if (figures === undefined) return undefined
      const met = 1e9 / figures.value >= least && figures.p99 <= most
      return { met, because: `${(1e9 / figures.value).toFixed(1)} a second, p99 ${time(figures.p99)}` }
    },
  }
}
