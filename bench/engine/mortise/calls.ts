import { Mortise, type Plugin } from 'mortise'
import { action } from 'mortise/action'
import { wasm, type WasmOptions } from 'mortise/wasm'
import type { Bench } from '../../harness/suite.ts'
import { distinct, guest } from '../guests.ts'
import { type Probe, probe } from '../probe.ts'
import { checkOrder, mask, orders, texts, totals, wrong } from '../work.ts'

/** A host with one plugin, as it stays for the life of the process. */
export function plugProbe(options: WasmOptions = {}, name = 'probe'): Promise<Plugin<Probe>> {
  return new Mortise({ runtimes: [wasm(options)] }).plug('probe', guest(name), probe)
}

export async function noopBench(options: WasmOptions): Promise<Bench> {
  return callNoop(await plugProbe(options))
}

/** The call site has seen two hundred instances by then, as in a server that runs for long. */
export async function swappedBench(options: WasmOptions): Promise<Bench> {
  const plugin = await plugProbe(options)
  const bench = callNoop(plugin)
  const bytes = guest('probe')
  for (let swap = 0; swap < 200; swap++) {
    await bench.run(2000)
    await plugin.swap(distinct(bytes))
  }
  if (plugin.stats().swaps !== 200) wrong(plugin.stats())
  return bench
}

function callNoop(plugin: Plugin<Probe>): Bench {
  const { noop } = plugin.hooks
  let before = 0
  let asked = 0
  return {
    before(count) {
      before = plugin.stats().calls
      asked = count
    },
    run(count) {
      for (let n = 0; n < count; n++) {
        const result: unknown = noop()
        if (result !== undefined) wrong(result)
      }
    },
    // The host counts calls itself, so it is known that none was left out.
    after() {
      if (plugin.stats().calls - before !== asked) wrong(plugin.stats())
    },
  }
}

export async function addBench(options: WasmOptions): Promise<Bench> {
  const { add } = (await plugProbe(options)).hooks
  return {
    run(count) {
      for (let n = 0; n < count; n++) if (add(n, 7) !== n + 7) wrong(n)
    },
  }
}

export async function echoBench(hook: 'echo8' | 'echo16'): Promise<Bench> {
  const { [hook]: echo } = (await plugProbe()).hooks
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const text = texts[n & mask] ?? ''
        const answer = echo(text)
        if (answer !== text) wrong(answer)
      }
    },
  }
}

export async function jsonBench(options: WasmOptions): Promise<Bench> {
  const plugin = await new Mortise({ runtimes: [wasm(options)] }).plug('order', guest('order'), action)
  const { main } = plugin.hooks
  checkOrder(main(orders[1] ?? wrong(undefined)), 1)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const { total, items } = main(orders[n & mask] ?? wrong(undefined))
        if (total !== totals[n & mask] || !Array.isArray(items) || items.length !== 7) wrong(total)
      }
    },
  }
}
