import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { cases, described } from './cases.ts'
import { buildEcho } from './guests.ts'
import { subject as mortise } from './mortise.ts'

/** What it costs to call, start and lose a process. */
export const inProcesses: Suite = {
  name: 'process',
  cases: described,
  subjects: [mortise],
  expectations: [
    within(cases.alone, 'program in C', 40e3),
    within(cases.alone, 'program in C, no spin', 100e3),
    within(cases.alone, 'JavaScript module', 40e3),
    within(cases.alone, 'JavaScript module, no spin', 100e3),
    within(cases.pipelined, 'program in C', 1e9 / 300_000),
    within(cases.pipelined, 'JavaScript module', 1e9 / 300_000),
  ],
  prepare: buildEcho,
}

function within(name: string, variant: string, limit: number): Expectation {
  return {
    text: `${name} (${variant}): at most ${time(limit)}`,
    judge(rows) {
      const row = rows.find((one) => one.case === name && one.subject === `mortise/process (${variant})`)
      const got = row?.figures?.value
      return got === undefined ? undefined : { met: got <= limit, because: time(got) }
    },
  }
}
