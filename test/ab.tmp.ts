import { readFileSync } from 'node:fs'
import { Mortise } from 'mortise'
import { action } from 'mortise/action'
import { childProcess } from 'mortise/process'
const js = Buffer.from('export const main = (event) => event')
const c = readFileSync('/work/wt/programs/bench/.cache/echo')
const out: string[] = []
for (const [name, source] of [
  ['c', c],
  ['js', js],
] as const)
  for (const depth of [1, 64]) {
    await using host = new Mortise({ runtimes: [childProcess({ pipeline: depth })] })
    const { main } = (await host.plug('e', source, action)).hooks
    const n = depth === 1 ? 2000 : 20000
    let best = Infinity,
      cpu = Infinity
    for (let round = 0; round < 12; round++) {
      let left = n
      const u = process.cpuUsage()
      const t = performance.now()
      await Promise.all(
        Array.from({ length: depth }, async () => {
          while (left-- > 0) await main({ id: left })
        }),
      )
      best = Math.min(best, ((performance.now() - t) / n) * 1e3)
      const d = process.cpuUsage(u)
      cpu = Math.min(cpu, (d.user + d.system) / n)
    }
    out.push(`${name}${depth} ${best.toFixed(2)} cpu ${cpu.toFixed(2)}`)
  }
console.log(out.join('  |  '))
