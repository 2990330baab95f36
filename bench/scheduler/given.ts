import { readFileSync } from 'node:fs'
import type { Subject } from '../harness/suite.ts'
import { given } from './guests.ts'
import { subjectOf } from './subject.ts'

/** The name of the guest of the command line. */
export const givenName = '--guest'

/** The guest of the command line: known once that was read, and in the processes that measure it. */
export function givenSubject(): Subject {
  const guest = given()
  if (guest === undefined) return subjectOf(givenName, import.meta.url, { path: '', args: [] }, [])
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(guest.path)))
  return subjectOf(
    givenName,
    import.meta.url,
    guest,
    exports.map(({ name }) => name),
  )
}

export const subject: Subject = givenSubject()
