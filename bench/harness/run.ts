import { figures } from './figures.ts'
import type { Round } from './measure.ts'
import { BenchProcess } from './process.ts'
import type { Case, Row, Subject, Suite } from './suite.ts'

/** How long things take, in milliseconds. */
export interface Effort {
  readonly warm: number
  readonly rounds: number
  readonly round: number
}

/** For a machine that others use too. A full run of the suite `engine` takes under five minutes. */
export const full: Effort = { warm: 500, rounds: 11, round: 150 }

/** To see that everything runs: under a minute. Too short for figures that anyone should quote. */
export const quick: Effort = { warm: 100, rounds: 3, round: 40 }

interface Entry {
  readonly subject: Subject
  readonly variant: string
  readonly rounds: Round[]
  process?: BenchProcess
  error: string | undefined
}

/** Measures one case: everyone who takes part is started and warmed up, then all take turns, round after round. */
export async function runCase(
  suite: Suite,
  { name }: Case,
  subjects: readonly Subject[],
  effort: Effort,
): Promise<Row[]> {
  await using running = new AsyncDisposableStack()
  const entries = subjects.flatMap((subject) =>
    Object.keys(subject.cases[name] ?? {}).map((variant): Entry => ({
      subject,
      variant,
      rounds: [],
      error: undefined,
    })),
  )
  for (const entry of entries) {
    await noting(entry, async () => {
      entry.process = running.use(await BenchProcess.start(entry.subject, name, entry.variant))
      await entry.process.warm(effort.warm)
    })
  }
  for (let round = 0; round < effort.rounds; round++) {
    // Another one begins each time, so that nobody always follows the same neighbour's heat.
    for (const index of entries.keys()) {
      const entry = entries[(index + round) % entries.length]
      if (entry?.error !== undefined) continue
      await noting(entry, async () => {
        if (entry?.process !== undefined) entry.rounds.push(await entry.process.round(effort.round))
      })
    }
  }
  return entries.map(({ subject, variant, rounds, error }) => ({
    suite: suite.name,
    case: name,
    subject: variant === '' ? subject.name : `${subject.name} (${variant})`,
    role: subject.role,
    figures: error === undefined ? figures(rounds) : undefined,
    error,
  }))
}

async function noting(entry: Entry | undefined, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (entry !== undefined) entry.error = error instanceof Error ? error.message : String(error)
  }
}
