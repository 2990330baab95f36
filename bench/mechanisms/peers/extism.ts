import { wrong } from '../../engine/work.ts'
import { load, pinned } from '../../harness/peer.ts'
import { jsonGuest } from '../json-guest.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByAsync } from '../script.ts'
import type { Size } from '../work.ts'

// What is used of it.
interface Plugin {
  call(name: string, input: string): Promise<{ text(): string } | null>
  close(): Promise<void>
}
interface Extism {
  createPlugin(manifest: { readonly wasm: readonly { readonly data: Uint8Array }[] }, options: object): Promise<Plugin>
}

async function open(size: Size): Promise<Opened> {
  const extism = await load<Extism>('@extism/extism')
  const functions = { env: { abort: (): void => wrong('abort') } }
  const plugin = await extism.createPlugin({ wasm: [{ data: jsonGuest(size) }] }, { useWasi: false, functions })
  // One after the other: a plugin runs one call at a time.
  const hooks = hooksByAsync(async (hook, params) => {
    const output = await plugin.call('order', JSON.stringify({ hook, ...params }))
    const answer: unknown = JSON.parse(output?.text() ?? 'null')
    return answer
  })
  return { mode: 'async', hooks, close: () => plugin.close() }
}

export const subject: MechanismSubject = subjectOf({
  name: pinned('@extism/extism'),
  url: import.meta.url,
  role: 'sandbox',
  variants: { JSON: open },
  isolation: { crash: 'yes', memory: 'yes, by WebAssembly', loop: 'only in a worker', unload: 'yes' },
  artifact: () => jsonGuest(4).length,
})
