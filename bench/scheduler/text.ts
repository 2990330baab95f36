import type { Subject } from '../harness/suite.ts'
import { own } from './guests.ts'
import { subjectOf } from './subject.ts'

export const subject: Subject = subjectOf('text format', import.meta.url, own, ['filter', 'score'])
