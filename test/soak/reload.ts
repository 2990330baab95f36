import { reload } from '../reload/run.ts'
import type { Proof } from './proof.ts'

/** The ways to reload, how often, and how many KiB each may leave in memory, once the process has grown to its size. */
const ways: readonly {
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  readonly collector: 'collected' | 'left alone'
  readonly loads: number
  readonly most: number
}[] = [
  { name: 'wasm', options: { runtime: 'wasm' }, collector: 'left alone', loads: 5000, most: 4 },
  { name: 'wasm, collected', options: { runtime: 'wasm' }, collector: 'collected', loads: 5000, most: 4 },
  { name: 'JavaScript', options: { language: 'js' }, collector: 'left alone', loads: 5000, most: 16 },
  { name: 'TypeScript', options: { language: 'ts' }, collector: 'left alone', loads: 5000, most: 16 },
  { name: 'JavaScript, collected', options: { language: 'js' }, collector: 'collected', loads: 5000, most: 8 },
  { name: 'TypeScript, collected', options: { language: 'ts' }, collector: 'collected', loads: 5000, most: 8 },
  {
    name: 'processes',
    options: { runtime: 'process', size: '2' },
    collector: 'left alone',
    loads: 500,
    most: Infinity,
  },
]

export const reloaded: Proof = {
  name: 'reload',
  about: 'changed HTTP handlers, each in the place of the one before, 200 KiB of JavaScript: what stays of them',
  async run({ share, progress }) {
    const unlike: string[] = []
    const notes: string[] = []
    let count = 0
    for (const [index, { name, options, collector, loads: all, most }] of ways.entries()) {
      const loads = Math.ceil(all * share)
      const { from500, alive, descriptors, processes, files } = await reload(
        { ...options, loads: String(loads) },
        collector,
      )
      count += loads
      progress(index + 1, ways.length)
      // A few loads say nothing: the process still grows.
      if (share === 1 && from500 > most) unlike.push(`${name}: ${from500} KiB a load, and the most is ${most}`)
      const modules = options['runtime'] === undefined
      if (modules && collector === 'collected' && alive !== 1) unlike.push(`${name}: ${alive} versions are in memory`)
      for (const [what, more] of Object.entries({ descriptors, processes, files }))
        if (more !== 0) unlike.push(`${name}: ${more} ${what} are left`)
      if (most < Infinity) notes.push(`${name}: ${from500} KiB a load`)
    }
    return { count, of: 'loads', unlike, note: notes.join('; ') }
  },
}
