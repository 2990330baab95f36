import { parseArgs } from 'node:util'
import { actions } from './actions/actions.ts'
import { engine } from './engine/engine.ts'
import { esm } from './esm/esm.ts'
import { extension } from './extension/extension.ts'
import { json, markdown, type Printer, table } from './harness/print.ts'
import { full, quick, runCase } from './harness/run.ts'
import { languages } from './languages/languages.ts'
import { limits } from './limits/limits.ts'
import { mechanisms } from './mechanisms/mechanisms.ts'
import { native } from './native/native.ts'
import { inProcesses } from './process/process.ts'
import { reload } from './reload/reload.ts'
import { restore } from './restore/restore.ts'
import { scheduler } from './scheduler/scheduler.ts'
import type { Row, Suite } from './harness/suite.ts'

const suites: readonly Suite[] = [
  actions,
  engine,
  esm,
  extension,
  languages,
  limits,
  mechanisms,
  native,
  inProcesses,
  reload,
  restore,
  scheduler,
]

const usage = `npm run bench -- <suite> [options]

suites: ${suites.map(({ name }) => name).join(', ')}

  --quick           every row, but too short to quote
  --json            one JSON object a line
  --markdown        a page for bench/results
  --case <text>     only the cases with this in their name
  --subject <text>  only the subjects with this in their name
  --reference <file> the reference proxy of OpenWhisk, as a subject of actions
  --guest <file>     a guest of kube-scheduler-wasm-extension, as a subject of scheduler; with arguments: <file>,<argument>,…

example: npm run bench -- restore --case '2 MiB' --quick

Ends with 1 when a row did not run, with 2 on wrong usage.`

const options = {
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  case: { type: 'string', default: '' },
  subject: { type: 'string', default: '' },
  reference: { type: 'string' },
  guest: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Runs suites as the command line asks. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const asked = parse(args)
  if (typeof asked === 'string') {
    console.error(`${asked}\n\n${usage}`)
    return 2
  }
  const { chosen, values } = asked
  if (values.help) {
    console.log(usage)
    return 0
  }
  // Benches are processes of their own, which inherit it.
  if (values.reference !== undefined) process.env['MORTISE_BENCH_REFERENCE'] = values.reference
  if (values.guest !== undefined) process.env['MORTISE_BENCH_GUEST'] = values.guest
  const printer: Printer = values.json ? json : values.markdown ? markdown : table
  let failed = false
  for (const suite of chosen) {
    printer.begin(suite)
    await suite.prepare()
    const subjects = suite.subjects.filter(({ name }) => name.includes(values.subject))
    const rows: Row[] = []
    for (const about of suite.cases.filter(({ name }) => name.includes(values.case))) {
      const measured = await runCase(suite, about, subjects, values.quick ? quick : full)
      if (measured.length > 0) printer.rows(about, measured)
      rows.push(...measured)
    }
    for (const sheet of (await suite.sheets?.(rows)) ?? []) printer.sheet(sheet)
    printer.end(suite, rows)
    failed ||= rows.some(({ error }) => error !== undefined)
  }
  return failed ? 1 : 0
}

/** What is asked for, or what is wrong with it. */
function parse(args: readonly string[]): Asked | string {
  let parsed: Pick<Asked, 'values'> & { readonly positionals: readonly string[] }
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const { positionals, values } = parsed
  const unknown = positionals.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown !== undefined) return `There is no suite '${unknown}'`
  if (positionals.length === 0 && !values.help) return 'Which suite?'
  return { chosen: suites.filter(({ name }) => positionals.includes(name)), values }
}

interface Asked {
  readonly chosen: readonly Suite[]
  readonly values: ReturnType<typeof parseArgs<{ readonly options: typeof options }>>['values']
}
