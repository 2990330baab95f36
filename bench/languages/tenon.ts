import type { Subject } from '../harness/suite.ts'
import { rowsOf } from './cases.ts'
import { assemblyScript } from './guests.ts'

export const subject: Subject = { name: 'tenon', url: import.meta.url, role: 'ours', cases: rowsOf(assemblyScript) }
