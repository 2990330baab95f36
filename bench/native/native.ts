import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { cases, described } from './cases.ts'
import { subject as koffi } from './koffi.ts'
import { buildLibrary } from './library.ts'
import { subject as mortise } from './mortise.ts'
import { subject as nodeFfi } from './node-ffi.ts'

/** Calls of native libraries. */
export const native: Suite = {
  name: 'native',
  cases: described,
  subjects: [mortise, koffi, nodeFfi],
  expectations: [atMost(cases.none, 50), atMost(cases.user, 500)],
  prepare: buildLibrary,
}

function atMost(name: string, most: number): Expectation {
  return {
    text: `${name}: at most ${time(most)}`,
    judge(rows) {
      const got = rows.find((row) => row.case === name && row.role === 'ours')?.figures?.value
      return got === undefined ? undefined : { met: got <= most, because: time(got) }
    },
  }
}
