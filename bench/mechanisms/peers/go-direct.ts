import { goSubject } from '../go.ts'
import type { MechanismSubject } from '../mechanism.ts'

const isolation = { crash: 'no', memory: 'no', loop: 'no', unload: 'no' }

export const subject: MechanismSubject = goSubject('Go, direct call', import.meta.url, 'direct', isolation)
