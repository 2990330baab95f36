import type { Subject } from '../harness/suite.ts'
import { given } from './guests.ts'
import { subjectOf } from './subject.ts'

/** The guest of the command line. */
export const subject: Subject = subjectOf('--guest', import.meta.url, given() ?? { path: '', args: [] })
