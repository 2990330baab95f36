import { Mortise } from 'mortise'
import { childProcess, type ProcessOptions } from 'mortise/process'
import { users } from '../../../examples/users/contract.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { guest, guestSize, hasGo } from '../stage.ts'
import type { Size } from '../work.ts'

async function open(path: string, options: ProcessOptions): Promise<Opened> {
  const host = new Mortise({ runtimes: [childProcess({ pipeline: 64, ...options })] })
  const { hooks } = await host.plug('users', path, users)
  return { mode: 'async', hooks, close: () => host[Symbol.asyncDispose]() }
}

const variants = (runtime: 'go' | 'node', says: string): MechanismSubjectVariants => ({
  [says]: (size: Size) => open(guest(runtime, size), {}),
  [`${says}, no spin`]: (size: Size) => open(guest(runtime, size), { spin: false }),
})
type MechanismSubjectVariants = Readonly<Record<string, (size: Size) => Promise<Opened>>>

export const subject: MechanismSubject = subjectOf({
  name: 'mortise/process',
  url: import.meta.url,
  role: 'ours',
  variants: { ...(hasGo && variants('go', 'Go')), ...variants('node', 'Node') },
  overlaps: true,
  isolation: { crash: 'yes, and restarted', memory: 'yes', loop: 'by the deadline, SIGKILL', unload: 'yes' },
  artifact: (variant) => guestSize(variant.startsWith('Go') ? 'go' : 'node'),
})
