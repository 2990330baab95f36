import { openPostgres } from 'mortise/storages/postgres'
import { startPostgres } from '../../support/postgres.ts'
import { makeNamespace, query, testedPostgres } from '../tested-postgres.ts'
import { check } from './check.ts'
import { killWriter, type Rounds } from './kill.ts'
import { killTypes } from './types.ts'

/** How often one database is gone on with, before the next is begun. */
const roundsPerNamespace = 5

/**
 * Kills a program that writes to a store on PostgreSQL at random points, or has its server crash, and checks after each kill that
 * every view equals a replay of the log, and that nothing acknowledged is lost.
 */
export async function killPostgres(
  rounds: number,
  random: () => number,
  progress: (done: number, of: number) => void = () => {},
): Promise<Rounds> {
  await using server = await startPostgres(true)
  const unlike: string[] = []
  let total = 0n
  let before = 0n
  let namespace = ''
  for (let round = 0; round < rounds; round++) {
    if (round % roundsPerNamespace === 0) {
      namespace = await makeNamespace(server, `kill_${round}`)
      before = 0n
    }
    const crash = round % 2 === 1
    const delay = random() < 0.2 ? -100 - random() * 300 : random() * 100
    const { acknowledged } = await killWriter(['postgres', server.url(namespace)], delay, async () => {
      if (crash) await server.crash()
    })
    const least = acknowledged > before ? acknowledged : before
    // The server may still be about to end what the program began.
    while ((await query(server, others)).length > 0);
    await using store = testedPostgres(await openPostgres({ url: server.url(namespace), schema: killTypes }))
    const found = await check(store, least)
    before = BigInt((await store.events()).length)
    unlike.push(
      ...found.map((what) => `round ${round}, ${crash ? 'server' : 'program'}, ${delay.toFixed(1)} ms: ${what}`),
    )
    total += acknowledged
    progress(round + 1, rounds)
  }
  return { rounds, unlike, acknowledged: total }
}

const others = `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`
