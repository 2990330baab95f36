import { parseArgs } from 'node:util'
import { served } from './actions.ts'
import { failing, killed, raced, suspended } from './calls.ts'
import { many } from './many.ts'
import { fuzzed, mutated } from './modules.ts'
import type { Outcome, Proof } from './proof.ts'
import { deploys } from './deploys.ts'
import { kill9 } from './kill9.ts'
import { killedServers } from './killed-servers.ts'
import { reloaded } from './reload.ts'
import { plugged, restored } from './state.ts'
import { swaps } from './swaps.ts'
import { viewed } from './views.ts'

const proofs: readonly Proof[] = [
  fuzzed,
  mutated,
  restored,
  killed,
  failing,
  raced,
  suspended,
  plugged,
  many,
  reloaded,
  swaps,
  kill9,
  served,
  deploys,
  killedServers,
  viewed,
]

const usage = `npm run soak -- [<name> …] [options]

The long proofs, whose short forms are among the tests. All of them take about 20 minutes, those that are
named their share.

${proofs.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n')}

  --seed <n>      the seed of what is random; printed, and another one every time
  --quick         a hundredth of everything
  --help          this

Ends with 1 when something is not as it has to be, with 2 on wrong usage.`

/** Runs proofs as the command line asks. @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  const chosen = proofs.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  if (values.help || chosen.length < positionals.length || !Number.isSafeInteger(seed)) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  console.log(`seed ${seed}, Node ${process.versions.node}`)
  const rows: (readonly string[])[] = []
  let failed = false
  for (const proof of chosen) {
    const start = performance.now()
    const outcome = await run(proof, seed, values.quick ? 0.01 : 1)
    const seconds = ((performance.now() - start) / 1000).toFixed(0)
    failed ||= outcome.unlike.length > 0
    for (const what of outcome.unlike) console.log(`✖ ${proof.name}: ${what}`)
    rows.push([
      proof.name,
      `${outcome.count.toLocaleString('en')} ${outcome.of}`,
      String(outcome.unlike.length),
      seconds,
      outcome.note ?? '',
    ])
  }
  console.log(
    [
      '\n| proof | count | unlike | s | |',
      '|---|--:|--:|--:|---|',
      ...rows.map((row) => `| ${row.join(' | ')} |`),
    ].join('\n'),
  )
  return failed ? 1 : 0
}

async function run(proof: Proof, seed: number, share: number): Promise<Outcome> {
  console.log(`${proof.name}: ${proof.about}`)
  let printed = performance.now()
  const progress = (done: number, of: number): void => {
    if (performance.now() - printed < 15_000) return
    printed = performance.now()
    console.log(`  ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`)
  }
  try {
    return await proof.run({ seed, share, progress })
  } catch (thrown) {
    return {
      count: 0,
      of: 'done',
      unlike: [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)],
    }
  }
}

process.exitCode = await main(process.argv.slice(2))
