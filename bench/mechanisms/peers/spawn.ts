import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByAsync, script } from '../script.ts'
import type { Size } from '../work.ts'

const cache = join(import.meta.dirname, '../../.cache')
const run = promisify(execFile)

function open(size: Size): Opened {
  mkdirSync(cache, { recursive: true })
  const path = join(cache, `spawn-${size}.cjs`)
  writeFileSync(path, `${script(size)}\nprocess.stdout.write(call(process.argv[2], process.argv[3]))\n`)
  const hooks = hooksByAsync(async (hook, params) => {
    const { stdout } = await run(process.execPath, [path, hook, JSON.stringify(params)], { maxBuffer: 2 ** 24 })
    const answer: unknown = JSON.parse(stdout)
    return answer
  })
  return { mode: 'async', hooks, close() {} }
}

export const subject: MechanismSubject = subjectOf({
  name: 'process per call',
  url: import.meta.url,
  role: 'sandbox',
  variants: { node: open },
  isolation: { crash: 'yes', memory: 'yes', loop: 'SIGKILL', unload: 'nothing stays' },
  artifact: () => script(4).length,
})
