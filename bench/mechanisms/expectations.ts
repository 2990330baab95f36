import { time } from '../harness/figures.ts'
import type { Expectation, Row, Verdict } from '../harness/suite.ts'
import { cases } from './cases.ts'

const sandboxed = 'mortise/wasm (all limits)'
const overDirect = [cases.getUser, cases.byClaim, cases.groups, cases.find] as const

/** What was expected of this suite on two cores and Node 26 when it was planned. */
export const expectations: readonly Expectation[] = [
  atMost(sandboxed, cases.getUser, 550),
  atMost(sandboxed, cases.byClaim, 500),
  atMost(sandboxed, cases.groups, 350),
  atMost(sandboxed, cases.find, 1200),
  ...overDirect.map((about) => ({
    text: `mortise/esm, ${about}: at most 5 ns over a direct call`,
    judge: (rows: readonly Row[]) => {
      const direct = find(rows, 'import()', about)
      return judge(find(rows, 'mortise/esm', about), direct === undefined ? undefined : direct + 5)
    },
  })),
  atMost('mortise/native (C)', cases.getUser, 500),
  ...['Go', 'Node'].flatMap((guest) => [
    atMost(`mortise/process (${guest})`, cases.getUser, 40_000),
    atMost(`mortise/process (${guest}, no spin)`, cases.getUser, 100_000),
    atLeast(`mortise/process (${guest})`, 300_000),
  ]),
]

function atMost(subject: string, about: string, most: number): Expectation {
  return {
    text: `${subject}, ${about}: at most ${time(most)}`,
    judge: (rows) => judge(find(rows, subject, about), most),
  }
}

function atLeast(subject: string, rate: number): Expectation {
  return {
    text: `${subject}, 64 calls at a time: at least ${rate.toLocaleString('en')} a second`,
    judge(rows) {
      const value = find(rows, subject, cases.together)
      if (value === undefined) return undefined
      const got = (64 / value) * 1e9
      return { met: got >= rate, because: `${Math.round(got).toLocaleString('en')} a second` }
    },
  }
}

function judge(got: number | undefined, most: number | undefined): Verdict | undefined {
  if (got === undefined || most === undefined) return undefined
  return { met: got <= most, because: `${time(got)}, and the limit was ${time(most)}` }
}

function find(rows: readonly Row[], subject: string, about: string): number | undefined {
  return rows.find((row) => row.subject === subject && row.case === about)?.figures?.value
}
