import type { Round } from './measure.ts'
import type { Figures } from './suite.ts'

/** Sums up the rounds of one bench. */
export function figures(rounds: readonly Round[]): Figures {
  const means = rounds.map(({ mean }) => mean)
  const batches = rounds.flatMap((round) => round.batches).toSorted((a, b) => a - b)
  return {
    value: median(means),
    min: Math.min(...means),
    p50: quantile(batches, 0.5),
    p99: quantile(batches, 0.99),
    ratio: rounds.some(({ ratio }) => ratio !== undefined) ? median(rounds.map(({ ratio = NaN }) => ratio)) : undefined,
    n: rounds.reduce((sum, { n }) => sum + n, 0),
  }
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? NaN
}

/** A time for people: three digits and a unit. */
export function time(nanoseconds: number): string {
  const units = [
    ['ns', 1],
    ['µs', 1e3],
    ['ms', 1e6],
    ['s', 1e9],
  ] as const
  const [unit, factor] = units.findLast(([, size]) => Math.abs(nanoseconds) >= size) ?? units[0]
  const amount = nanoseconds / factor
  const digits = Math.abs(amount) >= 100 ? 0 : Math.abs(amount) >= 10 ? 1 : 2
  return `${amount.toFixed(digits)} ${unit}`
}
