import { Mortise } from 'mortise'
import { esm } from 'mortise/esm'
import { users } from '../../../examples/users/contract.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { guest, guestSize } from '../stage.ts'
import type { Size } from '../work.ts'

async function open(size: Size): Promise<Opened> {
  const host = new Mortise({ runtimes: [esm()] })
  const { hooks } = await host.plug('users', guest('esm', size), users)
  return { mode: 'sync', hooks, close: () => host[Symbol.asyncDispose]() }
}

export const subject: MechanismSubject = subjectOf({
  name: 'mortise/esm',
  url: import.meta.url,
  role: 'ours',
  variants: { '': open },
  isolation: { crash: 'no', memory: 'no', loop: 'no', unload: 'yes' },
  artifact: () => guestSize('esm'),
})
