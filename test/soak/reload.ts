import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Proof } from './proof.ts'

const script = join(import.meta.dirname, '../esm/reload.ts')

/** The ways to reload, and how many KiB a load of 200 KiB may leave in memory, once the process has grown to its size. */
const ways: readonly (readonly [name: string, language: string, flags: readonly string[], most: number])[] = [
  ['JavaScript', 'js', [], 16],
  ['TypeScript', 'ts', [], 16],
  ['JavaScript, collected', 'js', ['--expose-gc'], 8],
  ['TypeScript, collected', 'ts', ['--expose-gc'], 8],
]

export const reloaded: Proof = {
  name: 'reload',
  about: 'changed ES modules of 200 KiB, each in the place of the one before, and what stays of them in memory',
  async run({ share, progress }) {
    const loads = Math.ceil(3_000 * share)
    const unlike: string[] = []
    const notes: string[] = []
    for (const [index, [name, language, flags, most]] of ways.entries()) {
      const args = ['-C', 'source', ...flags, script, '--loads', `${loads}`, '--language', language]
      const { stdout } = await promisify(execFile)(process.execPath, args)
      progress((index + 1) * loads, ways.length * loads)
      // oxlint-disable-next-line no-unsafe-type-assertion -- the script is ours
      const { fromHalf, alive } = JSON.parse(stdout) as { fromHalf: number; alive: number }
      // A few loads say nothing: the process still grows.
      if (share === 1 && fromHalf > most) unlike.push(`${name}: ${fromHalf} KiB a load, and the most is ${most}`)
      if (flags.length > 0 && alive !== 1) unlike.push(`${name}: ${alive} versions are in memory`)
      notes.push(`${name}: ${fromHalf} KiB a load`)
    }
    return { count: ways.length * loads, of: 'loads', unlike, note: notes.join('; ') }
  },
}
