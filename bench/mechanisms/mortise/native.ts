import { Mortise } from 'mortise'
import { native } from 'mortise/native'
import { users } from '../../../examples/users/contract.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { guest, guestSize } from '../stage.ts'
import type { Size } from '../work.ts'

async function open(size: Size): Promise<Opened> {
  const host = new Mortise({ runtimes: [native()] })
  const { hooks } = await host.plug('users', guest('native', size), users)
  return { mode: 'sync', hooks, close: () => host[Symbol.asyncDispose]() }
}

export const subject: MechanismSubject = subjectOf({
  name: 'mortise/native',
  url: import.meta.url,
  role: 'ours',
  variants: { C: open },
  isolation: { crash: 'no', memory: 'no', loop: 'no', unload: 'yes' },
  artifact: () => guestSize('native'),
})
