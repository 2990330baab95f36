import { createContext, Script } from 'node:vm'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByJson, script } from '../script.ts'
import type { Hooks, Size } from '../work.ts'

interface Guest {
  readonly hooks: Hooks<'sync'>
  readonly call: (hook: string, params: string) => string
}

function load(size: Size): Guest {
  const context = createContext({})
  new Script(script(size)).runInContext(context)
  // oxlint-disable-next-line no-unsafe-type-assertion -- the script defines both
  return context as unknown as Guest
}

export const subject: MechanismSubject = subjectOf({
  name: 'node:vm',
  url: import.meta.url,
  role: 'reference',
  variants: {
    'live objects': (size): Opened => ({ mode: 'sync', hooks: load(size).hooks, close() {} }),
    JSON: (size): Opened => ({ mode: 'sync', hooks: hooksByJson(load(size).call), close() {} }),
  },
  isolation: {
    crash: 'no',
    memory: 'no: it can be escaped from',
    loop: 'with a `timeout`, which costs a thread a call',
    unload: 'by the collector',
  },
  artifact: () => script(4).length,
})
