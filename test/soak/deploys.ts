import { killDeploys } from '../store/kill/kill.ts'
import { randomOf } from '../support/random.ts'
import { mostUnlike, type Proof } from './proof.ts'

export const deploys: Proof = {
  name: 'deploys',
  about:
    'a program that deploys, rolls back and removes is killed at random points: exactly what it had answered for is live',
  async run({ seed, share, progress }) {
    const rounds = Math.ceil(200 * share)
    const { unlike, answered } = await killDeploys(rounds, seed, randomOf(seed), progress)
    return {
      count: rounds,
      of: 'kills',
      unlike: unlike.slice(0, mostUnlike),
      note: `${answered} changes were answered`,
    }
  },
}
