import { killServers } from '../server/deploy/kill.ts'
import { randomOf } from '../support/random.ts'
import { mostUnlike, type Proof } from './proof.ts'

export const killedServers: Proof = {
  name: 'servers',
  about:
    'a server is killed at random points while it is deployed to: it starts again with exactly what it answered for',
  async run({ seed, share, progress }) {
    const rounds = Math.ceil(200 * share)
    const { unlike, answered } = await killServers(rounds, randomOf(seed), progress)
    return {
      count: rounds,
      of: 'kills',
      unlike: unlike.slice(0, mostUnlike),
      note: `${answered} changes were answered`,
    }
  },
}
