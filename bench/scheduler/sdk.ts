import type { Subject } from '../harness/suite.ts'
import { tenon } from './guests.ts'
import { subjectOf } from './subject.ts'

export const subject: Subject = subjectOf('tenon', import.meta.url, tenon, ['score'])
