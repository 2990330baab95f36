import type { Bench, MakeBench, Variants } from '../harness/suite.ts'
import { cases, many } from './cases.ts'
import { Load, type Talk } from './load.ts'

/** A load of so many milliseconds is one run, and a figure is of all its requests. */
const duration = 100

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
  const of = (connections: number, figure: Figure): Variants =>
    Object.fromEntries(
      Object.entries(variants).map(([name, serve]): [string, MakeBench] => [
        name,
        async () => bench(await Load.open(await serve(), connections), talk, figure),
      ]),
    )
  return {
    [cases.one]: of(1, 'mean'),
    [cases.many]: of(many, 'mean'),
    [cases.tail]: of(many, 'p99'),
  }
}

type Figure = 'mean' | 'p99'

function bench(load: Load, talk: Talk, figure: Figure): Bench {
  let time = 0
  return {
    most: 1,
    clock: () => time,
    async run() {
      const { wall, latencies } = await load.run(duration, talk)
      const { length } = latencies
      const p99 = latencies.toSorted((a, b) => a - b)[Math.ceil(0.99 * length) - 1]
      time = figure === 'mean' ? wall / length : (p99 ?? NaN)
    },
  }
}
