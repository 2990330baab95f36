import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { behaviours } from './behaviours.ts'

const usage = `npm run reference -- --guest <folder>

Runs programs that were built for the reference engine of extensions (voedger), and checks that they do here what they do there.

  --guest <folder>   the folder 'pkg/iextengine/wazero/_testdata' of a checkout of voedger
  --help             this

Ends with 1 when something is not as it has to be, with 2 on wrong usage.`

/** Runs what is there of the reference's guests. @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { guest: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  if (values.help || values.guest === undefined) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  let failed = false
  for (const { name, file, run } of behaviours) {
    const path = join(values.guest, file)
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
