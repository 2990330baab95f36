import type { Bench, MakeBench, Variants } from '../harness/suite.ts'
import { cases, many } from './cases.ts'
import { Load, type Talk } from './load.ts'

/** So many requests are one run, and a figure is of all of them. */
const stream = { one: 1000, many: 4000 }

/** What an action that greets is asked. */
export const greeting = (path: string): Talk => ({
  path,
  body: (n) => `{"value":{"name":"Mike ${n}"}}`,
  answer: (n) => `{"greetings":"Hello, Mike ${n}"}`,
})

/** The benches of `/run`, over a server that `serve` starts; each in its variants. */
export function runCases(
  variants: Readonly<Record<string, () => Promise<number>>>,
  talk: Talk,
): Readonly<Record<string, Variants>> {
  const of = (connections: number, requests: number, figure: Figure): Variants =>
    Object.fromEntries(
      Object.entries(variants).map(([name, serve]): [string, MakeBench] => [
        name,
        async () => bench(await Load.open(await serve(), connections), requests, talk, figure),
      ]),
    )
  return {
    [cases.one]: of(1, stream.one, 'mean'),
    [cases.many]: of(many, stream.many, 'mean'),
    [cases.tail]: of(many, stream.many, 'p99'),
  }
}

type Figure = 'mean' | 'p99'

function bench(load: Load, requests: number, talk: Talk, figure: Figure): Bench {
  let time = 0
  return {
    most: 1,
    clock: () => time,
    async run() {
      const { wall, latencies } = await load.run(requests, talk)
      time = figure === 'mean' ? wall / requests : (latencies.toSorted()[Math.ceil(0.99 * requests) - 1] ?? NaN)
    },
  }
}
