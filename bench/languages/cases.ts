import { readFileSync } from 'node:fs'
import { Mortise } from 'mortise'
import { NodeSnapshot, scheduler } from 'mortise/scheduler'
import { wasm } from 'mortise/wasm'
import type { Bench, MakeBench } from '../harness/suite.ts'
import { limits, plugging, scoring } from '../scheduler/attempts.ts'
import { nodeCount } from '../scheduler/cases.ts'
import type { Guest } from '../scheduler/guests.ts'
import { fresh } from './fresh.ts'

export const cases = {
  load: 'load a module that is new, and call it',
  instance: 'a new instance for one call',
  attempt: `prefilter, prescore, ${nodeCount} × score`,
} as const

/** The rows of a guest that speaks the ABI. */
export function rowsOf(guest: Guest): Readonly<Record<string, Readonly<Record<string, MakeBench>>>> {
  return {
    [cases.load]: { '': () => loading(guest) },
    [cases.instance]: { '': () => plugging(guest, 1) },
    [cases.attempt]: { '': () => scoring(guest) },
  }
}

function loading({ path }: Guest): Bench {
  const host = new Mortise({ runtimes: [wasm(limits)] })
  const nodes = new NodeSnapshot([{ metadata: { name: 'node-1' } }])
  const bytes = readFileSync(path)
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const plugin = await host.plug('guest', fresh(bytes), scheduler({ severity: 'fatal' }))
        const lease = await plugin.lease({ pod: { metadata: { name: 'pod-1' } }, nodes })
        lease.hooks.preFilter()
        lease.hooks.score('node-1')
        await lease.end()
        await plugin.unplug()
      }
    },
  }
}
