import { parseArgs } from 'node:util'
import { check, checkAnswers } from './check.ts'
import { type Dialect, expectedOf, noAction, onlyOnce, ready, type Row } from './row.ts'
import { ours, type Target } from './runtime.ts'
import { missing, table } from './table.ts'

const usage = `npm run conformance -- [options]

Asks an OpenWhisk action runtime for everything in the table, and compares what it answers and writes.

  --command <command>  starts it, in a folder of its own for every row: give paths that are absolute
  --port <n>           where it listens, when it does not take a free port from PORT
  --url <url>          one that runs already, instead: rows that start no action, and no logs
  --again              with --url: it takes /init again and again, so the rows that start actions too
  --as <dialect>       what is expected: 'reference' or 'mortise' (the default)
  --only <id>          only this row; may be given more than once
  --list               the rows, and what Mortise does otherwise
  --help               this

Without --command and --url it asks the Mortise of this folder. Ends with 1 when a row is unlike, with 2 on wrong usage.`

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      command: { type: 'string' },
      port: { type: 'string' },
      url: { type: 'string' },
      again: { type: 'boolean', default: false },
      as: { type: 'string', default: 'mortise' },
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { as: dialect, url, again, only } = values
  if (values.help || (dialect !== 'reference' && dialect !== 'mortise')) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  const chosen = table.filter(
    (row) => (row.only ?? dialect) === dialect && (only.length === 0 || only.includes(row.id)),
  )
  if (values.list) {
    for (const { id, about, because } of chosen)
      console.log(`${id.padEnd(15)} ${about}${because === undefined ? '' : `\n${' '.repeat(18)}${because}`}`)
    return 0
  }
  const target = targetOf(values.command, values.port)
  let skipped = 0
  let unlike = 0
  for (const row of chosen) {
    const reason = url === undefined ? await missing(row) : unsuited(row, dialect, again)
    if (reason !== false) {
      skipped++
      if (url === undefined) console.log(`- ${row.id} ${row.about}: ${reason}`)
      continue
    }
    const found = await (url === undefined ? check(row, target, dialect) : checkAnswers(row, url, dialect)).catch(
      (error: unknown) => [error instanceof Error ? error.message : String(error)],
    )
    if (found.length === 0) continue
    unlike++
    console.log(`✖ ${row.id} ${row.about}\n  ${found.join('\n  ')}`)
  }
  console.log(`${chosen.length - skipped} rows, ${unlike} unlike, ${skipped} skipped`)
  return unlike > 0 ? 1 : 0
}

function targetOf(command: string | undefined, port: string | undefined): Target {
  const [program = '', ...args] = command?.split(' ') ?? []
  return program === '' ? ours : { program, args, ...(port !== undefined && { port: Number(port) }) }
}

/** Why a row cannot be asked of a runtime that was started by somebody else. */
function unsuited({ steps, settings, flags, place }: Row, dialect: Dialect, again: boolean): string | false {
  if (settings !== undefined || flags !== undefined || place !== undefined) return 'needs a runtime started for it'
  const answers = new Set(steps.flatMap((step) => ('answer' in step ? [expectedOf(step.answer, dialect)] : [])))
  if (steps.some((step) => 'gone' in step || 'command' in step)) return 'needs a runtime started for it'
  if (!answers.has(ready)) return false
  if (!again) return 'starts an action'
  return answers.has(noAction) || answers.has(onlyOnce) ? 'needs a runtime without an action' : false
}

process.exitCode = await main(process.argv.slice(2))
