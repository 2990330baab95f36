import { load, pinned } from '../../harness/peer.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByJson, script } from '../script.ts'
import type { Size } from '../work.ts'

// What is used of it.
interface Reference {
  applySync(self: undefined, args: readonly unknown[], options?: { readonly timeout: number }): unknown
  getSync(name: string, options: { readonly reference: true }): Reference
}
interface Isolate {
  createContextSync(): { readonly global: Reference; evalSync(source: string): unknown }
  dispose(): void
}
interface IsolatedVm {
  readonly default: { readonly Isolate: new (options: { readonly memoryLimit: number }) => Isolate }
}

async function open(size: Size, options: readonly { readonly timeout: number }[]): Promise<Opened> {
  const { Isolate } = (await load<IsolatedVm>('isolated-vm')).default
  const isolate = new Isolate({ memoryLimit: 128 })
  const context = isolate.createContextSync()
  context.evalSync(script(size))
  const call = context.global.getSync('call', { reference: true })
  const hooks = hooksByJson((hook, params) => String(call.applySync(undefined, [hook, params], ...options)))
  return { mode: 'sync', hooks, close: () => isolate.dispose() }
}

export const subject: MechanismSubject = subjectOf({
  name: pinned('isolated-vm'),
  url: import.meta.url,
  role: 'sandbox',
  flags: ['--no-node-snapshot'],
  variants: {
    JSON: (size) => open(size, []),
    'JSON, deadline': (size) => open(size, [{ timeout: 100 }]),
  },
  isolation: {
    crash: 'but for memory: an isolate that runs out can end the process',
    memory: 'yes, by V8',
    loop: 'with a `timeout`',
    unload: 'yes',
  },
  artifact: () => script(4).length,
})
