import type { Bench, Subject, Variants } from '../../harness/suite.ts'
import { load, pinned } from '../../harness/peer.ts'
import { cases } from '../cases.ts'
import { distinct, guest } from '../guests.ts'
import { checkOrder, fresh, mask, orders, texts, totals, wrong, type Order } from '../work.ts'

// What is used of it. Both versions run in the foreground: the mode with a time-out puts the guest on a worker.
interface Output extends DataView {
  text(): string
  json(): unknown
}
interface ExtismPlugin {
  call(name: string, input?: string | Uint8Array): Promise<Output | null>
  reset(): Promise<boolean>
  close(): Promise<void>
}
interface Part {
  readonly module?: WebAssembly.Module
  readonly data?: Uint8Array
}
interface Extism {
  createPlugin(manifest: { readonly wasm: readonly Part[] }, options: object): Promise<ExtismPlugin>
}

/** @param resets - call `reset()` before each call, without which 1.0.3 stops working after 32,767 blocks */
export function extism(dependency: string, resets: boolean): Omit<Subject, 'url'> {
  const open = async (part: Part): Promise<ExtismPlugin> => {
    const peer = await load<Extism>(dependency)
    const functions = { env: { abort: (): void => wrong('abort') } }
    return peer.createPlugin({ wasm: [part] }, { useWasi: false, functions })
  }
  const module = (name: string): WebAssembly.Module => new WebAssembly.Module(guest(name))
  const reset = async (plugin: ExtismPlugin): Promise<void> => {
    if (resets) await plugin.reset()
  }

  async function noop(): Promise<Bench> {
    const plugin = await open({ module: module('extism') })
    return {
      async run(count) {
        for (let n = 0; n < count; n++) {
          await reset(plugin)
          const result = await plugin.call('noop')
          if (result !== null && result.byteLength > 0) wrong(result)
        }
      },
    }
  }

  async function add(): Promise<Bench> {
    const plugin = await open({ module: module('extism') })
    const input = new Int32Array(2)
    const bytes = new Uint8Array(input.buffer)
    return {
      async run(count) {
        for (let n = 0; n < count; n++) {
          input[0] = n
          input[1] = 7
          await reset(plugin)
          const result = await plugin.call('add', bytes)
          if (result?.getInt32(0, true) !== n + 7) wrong(result)
        }
      },
    }
  }

  async function echo(): Promise<Bench> {
    const plugin = await open({ module: module('extism') })
    return {
      async run(count) {
        for (let n = 0; n < count; n++) {
          const text = texts[n & mask] ?? ''
          await reset(plugin)
          const answer = (await plugin.call('echo', text))?.text()
          if (answer !== text) wrong(answer)
        }
      },
    }
  }

  async function handle(plugin: ExtismPlugin, index: number): Promise<Order> {
    const output = await plugin.call('order', JSON.stringify(orders[index]))
    // oxlint-disable-next-line no-unsafe-type-assertion -- it is the order that was put in
    return JSON.parse(output?.text() ?? 'null') as Order
  }

  /** The guest keeps its memory over all calls, so it is built with a garbage collector. */
  async function json(): Promise<Bench> {
    const plugin = await open({ module: module('extism-order-gc') })
    checkOrder(await handle(plugin, 1), 1)
    return {
      async run(count) {
        for (let n = 0; n < count; n++) {
          await reset(plugin)
          const { total, items } = await handle(plugin, n & mask)
          if (total !== totals[n & mask] || items.length !== 7) wrong(total)
        }
      },
    }
  }

  async function loading(warm: boolean): Promise<Bench> {
    const kept = module('extism-order')
    const bytes = guest('extism-order')
    let sources: Uint8Array[] = []
    const plugins: ExtismPlugin[] = []
    return {
      most: 32,
      before(count) {
        if (!warm) sources = Array.from({ length: count }, () => distinct(bytes))
      },
      async run(count) {
        for (let n = 0; n < count; n++) {
          plugins.push(await open(warm ? { module: kept } : { data: sources[n] ?? wrong(n) }))
        }
      },
      async after() {
        for (const plugin of plugins.splice(0)) {
          checkOrder(await handle(plugin, 2), 2)
          await plugin.close()
        }
      },
    }
  }

  async function bump(plugin: ExtismPlugin): Promise<void> {
    const result = (await plugin.call('bump'))?.getInt32(0, true)
    if (result !== fresh) wrong(result)
  }

  /** `reset()` leaves the guest's memory and globals as they are, so only another plugin is fresh. */
  function freshState(): Bench {
    const main = module('extism')
    return {
      async run(count) {
        for (let n = 0; n < count; n++) {
          const plugin = await open({ module: main })
          await bump(plugin)
          await plugin.close()
        }
      },
    }
  }

  async function trap(): Promise<Bench> {
    const main = module('extism')
    let plugin = await open({ module: main })
    return {
      async run(count) {
        for (let n = 0; n < count; n++) {
          await plugin.call('crash').then(wrong, async (error: unknown) => {
            if (!(error instanceof WebAssembly.RuntimeError)) throw error
            await plugin.close()
            plugin = await open({ module: main })
          })
          await bump(plugin)
        }
      },
    }
  }

  const made: Readonly<Record<string, Variants>> = {
    [cases.noop]: { '': noop },
    [cases.add]: { '': add },
    [cases.echo]: { '': echo },
    [cases.json]: { '': json },
    [cases.cold]: { '': () => loading(false) },
    [cases.warm]: { '': () => loading(true) },
    [cases.fresh]: { 'new plugin': freshState },
    [cases.trap]: { 'new plugin': trap },
  }
  return { name: pinned(dependency), role: 'sandbox', cases: made }
}
