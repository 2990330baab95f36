import { goSubject } from '../go.ts'
import type { MechanismSubject } from '../mechanism.ts'

const isolation = { crash: 'yes', memory: 'yes', loop: 'SIGKILL', unload: 'yes' }

export const subject: MechanismSubject = goSubject('Go, net/rpc on a unix socket', import.meta.url, 'rpc', isolation)
