import type { Subject } from '../../harness/suite.ts'
import { extism } from './extism.ts'

export const subject: Subject = { ...extism('extism-1', true), url: import.meta.url }
