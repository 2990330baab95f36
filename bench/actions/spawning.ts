import { join } from 'node:path'
import type { Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { greeting, runCases } from './run.ts'
import { serving } from './serving.ts'

const script = join(import.meta.dirname, 'spawning-server.ts')
const { [cases.one]: one = {}, [cases.many]: many = {} } = runCases(
  { Go: () => serving([process.execPath, '-C', 'source', script]) },
  greeting('/'),
)

/** A program started for every request. */
export const subject: Subject = {
  name: 'process per request',
  url: import.meta.url,
  role: 'reference',
  cases: { [cases.one]: one, [cases.many]: many },
}
