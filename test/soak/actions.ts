import { mixedLoad } from '../server/mixed-load.ts'
import type { Proof } from './proof.ts'

const most = 64 * 2 ** 20

export const served: Proof = {
  name: 'actions',
  about:
    '64 connections, and functions that answer, wait, trap, exit and loop: every answer is right, and the server holds no more than before',
  async run({ seed, share, progress }) {
    const { requests, unlike, asked, before, after, p99 } = await mixedLoad(seed, 60_000 * share, 64, (n) =>
      progress(n, n),
    )
    const found = [...unlike]
    // A short load says nothing: the process still grows.
    if (share === 1 && after.resident - before.resident > most)
      found.push(`resident memory grew from ${inMiB(before.resident)} to ${inMiB(after.resident)}`)
    if (after.descriptors > before.descriptors + 2)
      found.push(`descriptors grew from ${before.descriptors} to ${after.descriptors}`)
    const kinds = Object.entries(asked).map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
    return {
      count: requests,
      of: 'requests',
      unlike: found,
      note: `${kinds.join(', ')}; resident ${inMiB(before.resident)}, then ${inMiB(after.resident)}; descriptors ${before.descriptors}, then ${after.descriptors}; children ${before.children}, then ${after.children}; p99 of hello ${p99.toFixed(1)} ms`,
    }
  },
}

const inMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`
