import { pathToFileURL } from 'node:url'
import { type Opened, type MechanismSubject, subjectOf } from '../mechanism.ts'
import { guest, guestSize } from '../stage.ts'
import type { Hooks, Size } from '../work.ts'

let loads = 0

async function open(size: Size): Promise<Opened> {
  // Under another URL each time, or there would be nothing to load.
  const url = `${pathToFileURL(guest('esm', size)).href}?${++loads}`
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is the example's module
  const hooks = (await import(url)) as Hooks<'sync'>
  return { mode: 'sync', hooks: { ...hooks }, close() {} }
}

export const subject: MechanismSubject = subjectOf({
  name: 'import()',
  url: import.meta.url,
  role: 'reference',
  variants: { '': open },
  isolation: { crash: 'no', memory: 'no', loop: 'no', unload: 'no: every version stays' },
  artifact: () => guestSize('esm'),
})
