import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { greeting, runCases } from './run.ts'
import { freePort, listening, serving } from './serving.ts'

const script = (name: string): string => join(import.meta.dirname, name)
const serve = (name: string) => (): Promise<number> => serving([process.execPath, '-C', 'source', script(name)])

/** Node and nothing else. */
export const subject: Subject = {
  name: 'node:http',
  url: import.meta.url,
  role: 'reference',
  cases: {
    ...runCases({ echo: serve('echo-server.ts') }, { ...greeting('/'), answer: greeting('/').body }),
    [cases.start]: { echo: startBench },
  },
}

function startBench(): Bench {
  return {
    most: 1,
    async run() {
      const port = await freePort()
      const child = spawn(process.execPath, [script('echo-server.ts')], { env: { ...process.env, PORT: `${port}` } })
      await listening(child, port)
      child.kill('SIGKILL')
    },
  }
}
