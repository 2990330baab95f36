import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqlite } from 'mortise/storages/sqlite'
import { testedSqlite } from '../tested-sqlite.ts'
import { check } from './check.ts'
import { killWriter, type Rounds } from './kill.ts'
import { killTypes } from './types.ts'

/** How often one database is gone on with, before the next is begun. */
const roundsPerFile = 5

/**
 * Kills a program that writes to a store on SQLite at random points, and checks after each kill that every view equals a replay of
 * the log, and that nothing acknowledged is lost.
 */
export async function killSqlite(
  rounds: number,
  random: () => number,
  synchronous: 'FULL' | 'NORMAL',
  progress: (done: number, of: number) => void = () => {},
): Promise<Rounds> {
  const unlike: string[] = []
  let total = 0n
  let folder = ''
  let before = 0n
  for (let round = 0; round < rounds; round++) {
    if (round % roundsPerFile === 0) {
      if (folder !== '') await rm(folder, { recursive: true })
      folder = await mkdtemp(join(tmpdir(), 'mortise-kill-'))
      before = 0n
    }
    const file = join(folder, 'store.db')
    const delay = random() < 0.2 ? -20 - random() * 200 : random() * 60
    const { acknowledged, stderr } = await killWriter(['sqlite', file, synchronous], delay)
    const least = acknowledged > before ? acknowledged : before
    const found: string[] = stderr === '' ? [] : [stderr]
    {
      await using store = testedSqlite(openSqlite({ file, schema: killTypes }))
      found.push(...(await check(store, least)))
      before = BigInt((await store.events()).length)
    }
    using database = new DatabaseSync(file)
    const integrity = JSON.stringify(database.prepare('PRAGMA integrity_check').all())
    if (integrity !== '[{"integrity_check":"ok"}]') found.push(integrity)
    unlike.push(...found.map((what) => `round ${round}, ${synchronous}, ${delay.toFixed(1)} ms: ${what}`))
    total += acknowledged
    progress(round + 1, rounds)
  }
  await rm(folder, { recursive: true, force: true })
  return { rounds, unlike, acknowledged: total }
}
