import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subject } from '../harness/suite.ts'
import { files } from './guests.ts'
import { post } from './mortise.ts'
import { greeting, runCases } from './run.ts'
import { serving } from './serving.ts'

/** The reference proxy, with a program in Go, where `MORTISE_BENCH_REFERENCE` names it. It listens on 8080 whatever it is told. */
const serve = async (): Promise<number> => {
  const port = await serving([process.env['MORTISE_BENCH_REFERENCE'] ?? ''], {
    port: 8080,
    cwd: mkdtempSync(join(tmpdir(), 'mortise-bench-')),
  })
  await post(port, '/init', { value: { code: readFileSync(files.go).toString('base64'), binary: true } })
  return port
}

const { 'run, 1 connection': one = {} } = runCases({ Go: serve }, greeting('/run'))

/** It mixes up runs that come at the same time, so there is but the row of one connection. */
export const subject: Subject = {
  name: 'openwhisk-runtime-go',
  url: import.meta.url,
  role: 'sandbox',
  cases: { 'run, 1 connection': one },
}
