import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { cases, described, reference } from './cases.ts'
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
    return given() === undefined ? [text, sdk] : [text, sdk, givenSubject()]
  },
  expectations: expected.flatMap(([name, small, tinygo]) =>
    [text.name, sdk.name, givenName].map((subject) => within(name, subject, subject === givenName ? tinygo : small)),
  ),
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
