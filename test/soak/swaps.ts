import { type Place, swapped, unlikeOf } from '../server/site/swaps.ts'
import type { Proof } from './proof.ts'

/** Where plugins run, with the milliseconds between two swaps: what starts takes the processor for a while. */
const places: readonly (readonly [place: Place, pause: number])[] = [
  ['wasm', 25],
  ['esm', 10],
  ['process', 100],
]

export const swaps: Proof = {
  name: 'swaps',
  about: 'swaps of an HTTP handler that waits for 0 to 50 ms, under the load of 32 connections',
  async run({ seed, share, progress }) {
    const each = Math.ceil(2000 * share)
    const unlike: string[] = []
    const notes: string[] = []
    for (const [index, [place, pause]] of places.entries()) {
      const outcome = await swapped({
        place,
        swaps: each,
        window: Math.max(500, 5000 * Math.min(1, share * 10)),
        pause,
        seed: seed + index,
        progress: (done) => progress(index * each + done, places.length * each),
      })
      unlike.push(...unlikeOf(place, outcome))
      const {
        requests,
        underWay,
        p99: { quiet = 0, swaps: swapping = 0 },
      } = outcome
      // A few windows say nothing.
      if (share === 1 && swapping > 2 * quiet)
        unlike.push(`${place}: the p99 is ${swapping.toFixed(0)} ms with swaps, and ${quiet.toFixed(0)} ms without`)
      notes.push(
        `${place}: ${requests} requests, ${underWay} swaps with calls under way, p99 ${swapping.toFixed(0)} ms, without swaps ${quiet.toFixed(0)} ms`,
      )
    }
    return { count: places.length * each, of: 'swaps', unlike, note: notes.join('; ') }
  },
}
