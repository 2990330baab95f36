import { guest } from '../engine/guests.ts'
import { wrong } from '../engine/work.ts'
import { load, pinned } from '../harness/peer.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'

// What is used of it.
interface ExtismPlugin {
  call(name: string): Promise<DataView | null>
  reset(): Promise<boolean>
}
interface Extism {
  createPlugin(manifest: { readonly wasm: readonly object[] }, options: object): Promise<ExtismPlugin>
}

const dependency = '@extism/extism'

async function resetBench(): Promise<Bench> {
  const peer = await load<Extism>(dependency)
  const module = new WebAssembly.Module(guest('extism'))
  const plugin = await peer.createPlugin({ wasm: [{ module }] }, { useWasi: false })
  const call = async (): Promise<void> => {
    const result = await plugin.call('noop')
    if (result !== null && result.byteLength > 0) wrong(result)
  }
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        await plugin.reset()
        await call()
      }
    },
    async without(count) {
      for (let n = 0; n < count; n++) await call()
    },
  }
}

export const subject: Subject = {
  name: pinned(dependency),
  url: import.meta.url,
  role: 'sandbox',
  cases: { [cases.reset]: { '': resetBench } },
}
