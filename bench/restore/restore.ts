import { time } from '../harness/figures.ts'
import type { Expectation, Suite } from '../harness/suite.ts'
import { cases, described } from './cases.ts'
import { subject as extism } from './extism.ts'
import { buildState } from './guests.ts'
import { subject as mortise } from './mortise.ts'
import { subject as raw } from './raw.ts'

/** What it costs to make a guest as it was. */
export const restore: Suite = {
  name: 'restore',
  cases: described,
  subjects: [mortise, raw, extism],
  expectations: [
    within('2 MiB, 1 % written', 1e3),
    within('2 MiB, 50 % written', 30e3),
    within('2 MiB, 100 % written', 60e3),
    within('8 MiB, 100 % written', 250e3),
    within(cases.grown, 60e3, ' (when-full)'),
    within(cases.grown, 60e3, ' (every-lease)'),
    within('100 MiB, 1 % written', 30e3),
    bandwidth('100 MiB, 70 % written', 0.7),
  ],
  prepare: buildState,
}

function within(name: string, limit: number, variant = ''): Expectation {
  return {
    text: `${name}${variant}: at most ${time(limit)}`,
    judge(rows) {
      const got = find(rows, name, `mortise/wasm${variant}`)
      return got === undefined ? undefined : { met: got <= limit, because: time(got) }
    },
  }
}

/** As quick as the same share of a plain copy, and a tenth more. */
function bandwidth(name: string, share: number): Expectation {
  return {
    text: `${name}: the memory's bandwidth, that is at most 1.1 times ${share} of a copy of all of it`,
    judge(rows) {
      const got = find(rows, name, 'mortise/wasm')
      const copy = find(rows, name, 'raw WebAssembly (copy of the memory)')
      if (got === undefined || copy === undefined) return undefined
      const limit = 1.1 * share * copy
      return { met: got <= limit, because: `${time(got)}, and the limit was ${time(limit)}` }
    },
  }
}

function find(rows: Parameters<Expectation['judge']>[0], name: string, subject: string): number | undefined {
  return rows.find((row) => row.case === name && row.subject === subject)?.figures?.value
}
