import type { Subject } from '../../harness/suite.ts'
import { extism } from './extism.ts'

export const subject: Subject = { ...extism('@extism/extism', false), url: import.meta.url }
