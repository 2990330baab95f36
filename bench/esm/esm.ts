import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { cases, described } from './cases.ts'
import { subject as mortise } from './mortise.ts'
import { subject as node } from './node.ts'

/** Calls and reloads of ES modules, beside Node's own loader. */
export const esm: Suite = {
  name: 'esm',
  cases: described,
  subjects: [mortise, node],
  expectations: [cases.noop, cases.add, cases.pass].map(nearDirect),
  async prepare() {},
}

function nearDirect(name: string): Expectation {
  return {
    text: `${name}: at most 5 ns over a direct call`,
    judge(rows) {
      const value = (role: string): number | undefined =>
        rows.find((row) => row.case === name && row.role === role)?.figures?.value
      const [ours, direct] = [value('ours'), value('reference')]
      if (ours === undefined || direct === undefined) return undefined
      return { met: ours <= direct + 5, because: `${time(ours)}, and a direct call is ${time(direct)}` }
    },
  }
}
