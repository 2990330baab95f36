import type { Subject } from '../harness/suite.ts'
import { rowsOf } from './cases.ts'
import { go } from './guests.ts'

export const subject: Subject = { name: 'standard Go', url: import.meta.url, role: 'sandbox', cases: rowsOf(go) }
