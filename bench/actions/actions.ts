import { time } from '../harness/figures.ts'
import type { Expectation, Row, Sheet, Suite } from '../harness/suite.ts'
import { cases, described } from './cases.ts'
import { prepare } from './guests.ts'
import { subject as mortise } from './mortise.ts'
import { subject as node } from './node.ts'
import { subject as reference } from './reference.ts'
import { subject as spawning } from './spawning.ts'

const bare = 'node:http (echo)'

/** What the reference proxy did with a program in Go on two processors, one connection, by the specification of the server. */
const published = 3400

/** What it costs to run an action over HTTP. */
export const actions: Suite = {
  name: 'actions',
  cases: described,
  get subjects() {
    return [mortise, node, spawning, ...(process.env['MORTISE_BENCH_REFERENCE'] === undefined ? [] : [reference])]
  },
  expectations: [
    ...['wasm', 'esm'].flatMap((variant) => [share(cases.one, variant), share(cases.many, variant), tail(variant)]),
    within(cases.many, 'process, Go', 1e9 / (3 * published), `3 × ${published.toLocaleString('en')} requests a second`),
    within(cases.init, 'wasm, 20 KB', 15e6, '15 ms'),
    within(cases.start, 'serve --openwhisk', 250e6, '250 ms'),
  ],
  prepare,
  sheets: async (rows) => [requests(rows)],
}

const valueOf = (rows: readonly Row[], name: string, subject: string): number | undefined =>
  rows.find((row) => row.case === name && row.subject === subject)?.figures?.value

const ours = (variant: string): string => `mortise (${variant})`

function share(name: string, variant: string): Expectation {
  return compare(
    `${name}, ${variant}: at least 88 % of the bare server's requests a second`,
    name,
    variant,
    (got, floor) => ({
      met: floor / got >= 0.88,
      because: `${((floor / got) * 100).toFixed(0)} %`,
    }),
  )
}

function tail(variant: string): Expectation {
  return compare(`${cases.tail}, ${variant}: at most 1.5 × the bare server's`, cases.tail, variant, (got, floor) => ({
    met: got <= 1.5 * floor,
    because: `${(got / floor).toFixed(2)} ×, ${time(got)} and ${time(floor)}`,
  }))
}

function compare(
  text: string,
  name: string,
  variant: string,
  judge: (got: number, floor: number) => { readonly met: boolean; readonly because: string },
): Expectation {
  return {
    text,
    judge(rows) {
      const [got, floor] = [valueOf(rows, name, ours(variant)), valueOf(rows, name, bare)]
      return got === undefined || floor === undefined ? undefined : judge(got, floor)
    },
  }
}

function within(name: string, variant: string, limit: number, said: string): Expectation {
  return {
    text: `${name}, ${variant}: ${said}`,
    judge(rows) {
      const got = valueOf(rows, name, ours(variant))
      return got === undefined ? undefined : { met: got <= limit, because: `${time(got)}, ${perSecond(got)} a second` }
    },
  }
}

const perSecond = (nanoseconds: number): string => Math.round(1e9 / nanoseconds).toLocaleString('en')

/** The same as requests a second, which is how servers are compared. */
function requests(rows: readonly Row[]): Sheet {
  const subjects: readonly string[] = [
    ...new Set(rows.filter((row) => row.case === cases.one || row.case === cases.many).map(({ subject }) => subject)),
  ]
  const cells = (subject: string, name: string): readonly [string, string] => {
    const [got, floor] = [valueOf(rows, name, subject), valueOf(rows, name, bare)]
    if (got === undefined) return ['', '']
    return [perSecond(got), floor === undefined ? '' : `${((floor / got) * 100).toFixed(0)} %`]
  }
  const line = (subject: string): Sheet['lines'][number] => {
    const [one, toOne] = cells(subject, cases.one)
    const [many, toMany] = cells(subject, cases.many)
    return [subject, one, toOne, many, toMany]
  }
  return {
    name: 'requests a second',
    does: `And the share of what ${bare} serves. The reference proxy: ${published.toLocaleString('en')} with a program in Go, on another machine of two processors.`,
    columns: [cases.one, 'to bare', cases.many, 'to bare'],
    lines: subjects.map(line),
  }
}
