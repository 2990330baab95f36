import { WasmOpt } from './binaryen.ts'
import { compareOne, newReport, type Report } from './differential.ts'

/** Compares modules with their rewritten forms until enough were made or the time is up. */
export async function fuzz(
  seed: number,
  modules: number,
  seconds?: number,
  progress?: (done: number) => void,
): Promise<Report> {
  using opt = new WasmOpt()
  const report = newReport()
  const end = performance.now() + (seconds ?? Infinity) * 1000
  for (let index = 0; index < modules && performance.now() < end; index++) {
    await compareOne(opt, seed, index, report)
    progress?.(index + 1)
  }
  return report
}

/** Share of the modules, of those that were not refused, whose calls ran more than 100 instructions. */
export function busyShare({ modules, refused, busy }: Report): number {
  return busy / Math.max(1, modules - total(refused))
}

export function describeReport(report: Report): string {
  const { modules, busy, compared, again, nan, overflows, refused, features, failures } = report
  return [
    `${modules} modules, ${total(refused)} of them refused; ${busy} (${(busyShare(report) * 100).toFixed(0)} % of the others) ran more than 100 instructions`,
    `${compared} rewritten modules ran as their originals, ${again} of them also after a restore; ${nan} modules differed in bits of NaNs only, and ${overflows} filled the stack`,
    `features seen: ${list(features)}`,
    ...[...refused].map(([reason, count]) => `refused ${count} times: ${reason}`),
    ...failures.map(({ seed, index, what, file }) => `✖ seed ${seed}, module ${index} (${file}):\n${what}`),
  ].join('\n')
}

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0)

export const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
