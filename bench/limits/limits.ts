import { time } from '../harness/figures.ts'
import type { Expectation, Row, Suite } from '../harness/suite.ts'
import { cases, described, lags } from './cases.ts'
import { all, buildKernels } from './guests.ts'
import { subject as mortise } from './mortise.ts'

/** What limits cost the code that they are compiled into, and each call. */
export const limits: Suite = {
  name: 'limits',
  cases: described,
  subjects: [mortise],
  expectations: [
    slower('deadline', 1.08, 1.3),
    slower('dirty pages', 1.2, 1.5),
    slower('fuel', 1.35, 2),
    slower('all'),
    ...Object.values(cases).map((name) => ({
      text: `${name}, all limits on: at most 12 ns above none`,
      judge: (rows: readonly Row[]) => aboveNone(rows, name),
    })),
    ...Object.values(lags).map((name) => ({
      text: `${name}: at most a tenth of what it is in place`,
      judge: (rows: readonly Row[]) => lessThanInPlace(rows, name),
    })),
  ],
  prepare: buildKernels,
}

/** Over all kernels: the geometric mean, and the worst. Without limits it is only told. */
function slower(variant: string, mean = Infinity, most = Infinity): Expectation {
  const told = mean === Infinity ? 'nothing was expected' : `at most ${mean} times raw, and ${most} times in the worst`
  return {
    text: `${variant}: ${told}`,
    judge(rows) {
      const ratios = all.flatMap(({ name }) => {
        const ratio = find(rows, name, variant)?.ratio
        return ratio === undefined ? [] : [{ name, ratio }]
      })
      const [worst] = ratios.toSorted((a, b) => b.ratio - a.ratio)
      if (worst === undefined) return undefined
      const got = Math.exp(ratios.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / ratios.length)
      const because = `${got.toFixed(3)} times over ${ratios.length} kernels, worst ${worst.name} with ${worst.ratio.toFixed(2)}`
      return { met: got <= mean && worst.ratio <= most, because }
    },
  }
}

function aboveNone(rows: readonly Row[], name: string): ReturnType<Expectation['judge']> {
  const none = find(rows, name, 'none')
  const every = find(rows, name, 'all')
  if (none === undefined || every === undefined) return undefined
  const more = every.value - none.value
  return { met: more <= 12, because: `${time(more)} above ${time(none.value)}` }
}

function lessThanInPlace(rows: readonly Row[], name: string): ReturnType<Expectation['judge']> {
  const ours = find(rows, name, '')
  const inPlace = find(rows, name, 'in place')
  if (ours === undefined || inPlace === undefined) return undefined
  return { met: 10 * ours.value <= inPlace.value, because: `${time(ours.value)}, and in place ${time(inPlace.value)}` }
}

function find(rows: readonly Row[], name: string, variant: string): Row['figures'] {
  const subject = variant === '' ? 'mortise/wasm' : `mortise/wasm (${variant})`
  return rows.find((row) => row.case === name && row.subject === subject)?.figures
}
