import type { MakeBench, Subject } from '../harness/suite.ts'
import { cycling, filtering, leasing, plugging, restoring, scoring, threading } from './attempts.ts'
import { cases } from './cases.ts'
import type { Guest } from './guests.ts'
import { loading } from './load.ts'

/** The rows of one guest. @param hooks - the exports that it has */
export function subjectOf(name: string, url: string, guest: Guest, hooks: readonly string[]): Subject {
  const rows: readonly (readonly [name: string, make: MakeBench])[] = [
    [cases.first, () => loading(guest, false)],
    [cases.cached, () => loading(guest, true)],
    [cases.again, () => plugging(guest, 0)],
    [cases.score, () => scoring(guest)],
    [cases.filter, () => filtering(guest)],
    [cases.threads, () => threading(guest)],
    [cases.cycle, () => cycling(guest)],
    [cases.lease, () => leasing(guest)],
    [cases.restored, () => restoring(guest)],
    [cases.made, () => plugging(guest, 1)],
  ]
  const able = rows.filter(([row]) =>
    hooks.includes(row === cases.filter || row === cases.threads ? 'filter' : 'score'),
  )
  return { name, url, role: 'ours', cases: Object.fromEntries(able.map(([row, make]) => [row, { '': make }])) }
}
