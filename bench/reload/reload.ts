import { time } from '../harness/figures.ts'
import type { Expectation, Row, Sheet, Suite } from '../harness/suite.ts'
import { cases, described } from './cases.ts'
import { prepare } from './guests.ts'
import { subject as mortise } from './mortise.ts'
import { sendHello } from './server.ts'

/** What is sent for a hello world, once that is known. */
let hello: Awaited<ReturnType<typeof sendHello>> | undefined

const most = 10_000

/** How long it takes from a save to an answer by new code, and what is sent. */
export const reload: Suite = {
  name: 'reload',
  cases: described,
  subjects: [mortise],
  expectations: [
    within(cases.quick, 'mortise', 300),
    within(cases.optimized, 'mortise', 900),
    within(cases.small, 'mortise', 30),
    within(cases.large, 'mortise', 80),
    within(cases.push, 'mortise', 20),
    within(cases.rollback, 'mortise (library)', 1),
    {
      text: 'bytes sent for a hello world: at most 10 KB, compressed',
      judge: () => hello && { met: hello.sent <= most, because: `${hello.sent} bytes, of ${hello.bytes}` },
    },
  ],
  prepare,
  async sheets(rows) {
    hello = await sendHello()
    return [experiment(rows, hello.sent)]
  },
}

const p50 = (rows: readonly Row[], name: string, subject: string): number | undefined =>
  rows.find((row) => row.case === name && row.subject === subject)?.figures?.p50

function within(name: string, subject: string, milliseconds: number): Expectation {
  return {
    text: `${name}: p50 at most ${milliseconds} ms`,
    judge(rows) {
      const got = p50(rows, name, subject)
      return got === undefined ? undefined : { met: got <= milliseconds * 1e6, because: time(got) }
    },
  }
}

/** What its author said of it, measured on his machine and his cloud. */
function experiment(rows: readonly Row[], sent: number): Sheet {
  const here = (name: string, subject = 'mortise'): string => {
    const got = p50(rows, name, subject)
    return got === undefined ? '' : time(got)
  }
  return {
    name: 'beside ptone/run-go-plugin',
    does: 'The experiment with Go plugins in a server, as its README has it, for a hello world; p50 of what is above.',
    columns: ['here', 'there'],
    lines: [
      ['from a save to new code, built', here(cases.quick), '25 s'],
      ['the same by a new container', '', '40 s'],
      ['from a save to new code, without a build', here(cases.small), ''],
      ['from code that is built to new code on a server', here(cases.push), ''],
      ['back to the version before', here(cases.rollback, 'mortise (library)'), 'impossible'],
      ['bytes sent', `${sent}`, '12,000,000'],
    ],
  }
}
