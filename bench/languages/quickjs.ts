import { wrong } from '../engine/work.ts'
import { pinned } from '../harness/peer.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { nodeCount } from '../scheduler/cases.ts'
import { cases } from './cases.ts'
import { fresh } from './fresh.ts'
import { script } from './guests.ts'
import { engine, ScriptedPlugin } from './quickjs-vm.ts'

const names = Array.from({ length: nodeCount }, (_, index) => `node-${index}`)

function creating(anew: boolean): Bench {
  const bytes = engine()
  const module = new WebAssembly.Module(bytes)
  const source = script()
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const plugin = await ScriptedPlugin.create(anew ? new WebAssembly.Module(fresh(bytes)) : module, source)
        if (plugin.score('node-1') !== 10) wrong('the score')
        plugin.close()
      }
    },
  }
}

async function scoring(): Promise<Bench> {
  const plugin = await ScriptedPlugin.create(new WebAssembly.Module(engine()), script())
  let next = 0
  return {
    run(count) {
      for (let index = 0; index < count; index++) {
        plugin.begin(`shop-7d4b9c-${next++ % 64}`)
        let matching = 0
        for (const name of names) if (plugin.score(name) > 0) matching++
        if (matching === 0) wrong(matching)
      }
    },
  }
}

/** A JavaScript engine in WebAssembly. Nothing limits it here, and it gets names in place of bytes: both are in its favour. */
export const subject: Subject = {
  name: pinned('quickjs-wasi'),
  url: import.meta.url,
  role: 'sandbox',
  cases: {
    [cases.load]: { '': () => creating(true) },
    [cases.instance]: { '': () => creating(false) },
    [cases.attempt]: { '': scoring },
  },
}
