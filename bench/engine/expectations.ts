import { time } from '../harness/figures.ts'
import type { Expectation, Row, Verdict } from '../harness/suite.ts'
import { cases } from './cases.ts'

/** What was expected of this suite on Node 26 when the engine was planned. */
export const expectations: readonly Expectation[] = [
  {
    text: 'no-op before any swap, no deadline: at most a raw call that is not inlined, and 1 ns',
    judge: (rows) => atMost(find(rows, cases.noop, ours), raw(rows), (floor) => floor + 1),
  },
  {
    text: 'no-op after 200 swaps, no deadline: at most a raw call that is not inlined, and 9 ns',
    judge: (rows) => atMost(find(rows, cases.swapped, ours), raw(rows), (floor) => floor + 9),
  },
  {
    text: '100-byte string in and out: at most 200 ns',
    judge: (rows) => atMost(best(rows, cases.echo, 'ours'), 200, (limit) => limit),
  },
  {
    text: '1 KB JSON in and out, no deadline: at most 1.3 times raw WebAssembly',
    judge: (rows) =>
      atMost(find(rows, cases.json, ours), best(rows, cases.json, 'reference', 'raw'), (floor) => floor * 1.3),
  },
  ...Object.values(cases).map((name) => ({
    text: `${name}: three times ahead of every sandbox`,
    judge: (rows: readonly Row[]) => ahead(rows, name, 3),
  })),
]

/** What was expected of a call, was expected of one without a deadline, as every other row is. */
const ours = 'mortise/wasm (no deadline)'

const raw = (rows: readonly Row[]): number | undefined => find(rows, cases.noop, 'raw WebAssembly (in try/catch)')

function find(rows: readonly Row[], name: string, subject: string): number | undefined {
  return rows.find((row) => row.case === name && row.subject === subject)?.figures?.value
}

/** The shortest time in a case among the subjects of a role whose name begins so. */
function best(rows: readonly Row[], name: string, role: Row['role'], begins = ''): number | undefined {
  const times = rows.flatMap((row) => {
    return row.case === name && row.role === role && row.subject.startsWith(begins) ? (row.figures?.value ?? []) : []
  })
  return times.length === 0 ? undefined : Math.min(...times)
}

function atMost(
  got: number | undefined,
  floor: number | undefined,
  limit: (floor: number) => number,
): Verdict | undefined {
  if (got === undefined || floor === undefined) return undefined
  return { met: got <= limit(floor), because: `${time(got)}, and the limit was ${time(limit(floor))}` }
}

function ahead(rows: readonly Row[], name: string, times: number): Verdict | undefined {
  // With its deadline, although theirs have none.
  const mine = best(
    rows.filter(({ subject }) => subject !== ours),
    name,
    'ours',
  )
  const theirs = best(rows, name, 'sandbox')
  if (mine === undefined || theirs === undefined) return undefined
  return { met: theirs >= times * mine, because: `${(theirs / mine).toFixed(1)} times ahead of the next` }
}
