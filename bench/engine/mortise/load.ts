import { Mortise, type Plugin } from 'mortise'
import { action, type ActionHooks } from 'mortise/action'
import { wasm } from 'mortise/wasm'
import type { Bench } from '../../harness/suite.ts'
import { distinct, guest } from '../guests.ts'
import { checkOrder, orders, wrong } from '../work.ts'

/** @param warm - a plugin of the same bytes stays plugged in meanwhile */
export async function loadBench(warm: boolean): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm()] })
  const bytes = guest('order')
  if (warm) await host.plug('stays', bytes, action)
  let sources: Uint8Array[] = []
  const plugins: Plugin<ActionHooks>[] = []
  return {
    most: 32,
    before(count) {
      sources = Array.from({ length: count }, () => (warm ? bytes : distinct(bytes)))
    },
    async run(count) {
      for (let n = 0; n < count; n++) plugins.push(await host.plug(`order-${n}`, sources[n] ?? wrong(n), action))
    },
    async after() {
      for (const plugin of plugins.splice(0)) {
        checkOrder(plugin.hooks.main(orders[2] ?? wrong(undefined)), 2)
        await plugin.unplug()
      }
    },
  }
}
