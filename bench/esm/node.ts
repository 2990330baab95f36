import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { source } from './guest.ts'
import { bench, type Calls } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

/** Loads a module by Node itself, as a file of a name that it has not seen. */
async function load(text: string, name: string): Promise<Calls> {
  const path = join(folder, name)
  await writeFile(path, text)
  // oxlint-disable-next-line no-unsafe-type-assertion -- the source is ours
  return (await import(pathToFileURL(path).href)) as Calls
}

/** The exports in an object, as a program would keep what it may replace. */
const calls = async (): Promise<Calls> => ({ ...(await load(source(-1, 0, false), 'calls.mjs')) })

const reload = (bytes: number, typed: boolean): Bench =>
  bench.reload(bytes, typed, async (text, version) => (await load(text, `${version}.${typed ? 'mts' : 'mjs'}`)).add)

export const subject: Subject = {
  name: 'import()',
  url: import.meta.url,
  role: 'reference',
  cases: {
    [cases.noop]: { '': async () => bench.noop(await calls()) },
    [cases.add]: { '': async () => bench.add(await calls()) },
    [cases.pass]: { '': async () => bench.pass(await calls()) },
    [cases.small]: { '': () => reload(3e3, false) },
    [cases.smallTyped]: { '': () => reload(3e3, true) },
    [cases.large]: { '': () => reload(200e3, false) },
    [cases.largeTyped]: { '': () => reload(200e3, true) },
  },
}
