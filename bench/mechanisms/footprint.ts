// What a mechanism adds to the memory of a process: node footprint.ts <module of the subject> <variant>, on standard output.
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type { MechanismSubject } from './mechanism.ts'
import { checkAll } from './work.ts'

const [url = '', variant = ''] = process.argv.slice(2)

/** Kilobytes that a process and those that it started hold. */
function resident(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)
  })
  return children.reduce((sum, child) => sum + resident(Number(child)), own)
}

// What only the benchmark needs is there already: TypeScript's own reader, the example.
await import('./peers/direct.ts')
stripTypeScriptTypes('')
const before = resident(process.pid)
// oxlint-disable-next-line no-unsafe-type-assertion -- the suite lists modules that export their subject
const { subject } = (await import(url)) as { subject: MechanismSubject }
const opened = await subject.mechanism.variants[variant]?.(4)
if (opened === undefined) throw new Error(`'${url}' has no variant '${variant}'`)
await checkAll(opened.hooks, 4)
console.log(resident(process.pid) - before)
await opened.close()
process.exit()
