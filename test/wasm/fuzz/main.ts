import { parseArgs } from 'node:util'
import { busyShare, describeReport, fuzz, list } from './run.ts'
import { spoil } from './spoil.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    modules: { type: 'string' },
    seconds: { type: 'string' },
    mutate: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed ?? Date.now() % 2 ** 32)
const before = process.resourceUsage().maxRSS

if (values.mutate) {
  const modules = Number(values.modules ?? 100_000)
  console.log(`seed ${seed}: ${modules} mutated modules`)
  console.log(list(await spoil(seed, modules)))
  console.log(`${Math.round((process.resourceUsage().maxRSS - before) / 1024)} MiB more at most`)
} else {
  const modules = Number(values.modules ?? 2_500)
  console.log(`seed ${seed}: ${modules} modules`)
  const report = await fuzz(seed, modules, values.seconds === undefined ? undefined : Number(values.seconds))
  console.log(describeReport(report))
  if (report.failures.length > 0 || busyShare(report) < 0.6) process.exitCode = 1
}
