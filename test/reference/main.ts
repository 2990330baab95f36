import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { behaviours } from './behaviours.ts'
import { schedulerBehaviours } from './scheduler.ts'

const usage = `npm run reference -- --guest <folder> | --scheduler <folder>

Runs programs that were built for a reference, and checks that they do here what they do there.

  --guest <folder>      extensions: the folder 'pkg/iextengine/wazero/_testdata' of a checkout of voedger
  --scheduler <folder>  scheduler plugins: a checkout of kube-scheduler-wasm-extension
  --help                this

Ends with 1 when something is not as it has to be, with 2 on wrong usage.`

/** Runs what is there of the reference's guests. @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { guest: { type: 'string' }, scheduler: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  const folder = values.guest ?? values.scheduler
  if (values.help || folder === undefined) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  let failed = false
  for (const { name, file, run } of values.guest === undefined ? schedulerBehaviours : behaviours) {
    const path = join(folder, file)
    if (!existsSync(path)) {
      failed = true
      console.log(`✖ ${name}: there is no ${path}`)
      continue
    }
    try {
      await run(path)
      console.log(`✔ ${name}`)
    } catch (error) {
      failed = true
      console.log(`✖ ${name}`, error)
    }
  }
  return failed ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
