import { killPostgres } from '../storages/kill/postgres.ts'
import { killSqlite } from '../storages/kill/sqlite.ts'
import { randomOf } from '../support/random.ts'
import { mostUnlike, type Proof } from './proof.ts'

export const kill9: Proof = {
  name: 'kill9',
  about:
    'a program that writes to a store is killed at random points: views are a replay of the log, nothing acknowledged is lost',
  async run({ seed, share, progress }) {
    const rounds = Math.ceil(100 * share)
    const random = randomOf(seed)
    const unlike: string[] = []
    const notes: string[] = []
    let count = 0
    for (const synchronous of ['FULL', 'NORMAL'] as const) {
      const result = await killSqlite(rounds, random, synchronous, progress)
      unlike.push(...result.unlike)
      count += result.rounds
      notes.push(`SQLite ${synchronous}: ${result.acknowledged} orders acknowledged`)
    }
    const result = await killPostgres(rounds, random, progress)
    unlike.push(...result.unlike)
    count += result.rounds
    notes.push(`PostgreSQL: ${result.acknowledged}`)
    return { count, of: 'kills', unlike: unlike.slice(0, mostUnlike), note: notes.join(', ') }
  },
}
