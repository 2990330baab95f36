import { mixedLoad } from '../server/mixed-load.ts'
import type { Proof } from './proof.ts'

const most = 64 * 2 ** 20

export const served: Proof = {
  name: 'actions',
  about:
    '64 connections, and functions that answer, wait, trap, exit and loop: every answer is right, and the server holds no more than before',
  async run({ seed, share, progress }) {
    const { requests, unlike, asked, before, after } = await mixedLoad(seed, 120_000 * share, 64, (n) => progress(n, n))
    const found = [...unlike]
    // A short load says nothing: the process still grows.
    if (share === 1) {
      if (after.resident - before.resident > most)
        found.push(`resident memory grew from ${inMiB(before.resident)} to ${inMiB(after.resident)}`)
      if (after.descriptors > before.descriptors + 2)
        found.push(`descriptors grew from ${before.descriptors} to ${after.descriptors}`)
      if (after.children > before.children + 2) found.push(`children grew from ${before.children} to ${after.children}`)
    }
    const kinds = Object.entries(asked).map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
    const held = [before, after].map(
      ({ resident, descriptors, children }) => `${inMiB(resident)}, ${descriptors} descriptors, ${children} children`,
    )
    return { count: requests, of: 'requests', unlike: found, note: `${kinds.join(', ')}; ${held.join(', then ')}` }
  },
}

const inMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`
