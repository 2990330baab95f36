import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const script = join(import.meta.dirname, 'reload.ts')

/** What `reload.ts` says, by its names: numbers. */
interface Reloaded {
  /** KiB of memory that each load added, in the second half and behind the first 500. */
  readonly fromHalf: number
  readonly from500: number
  readonly heap: number
  readonly alive: number
  readonly descriptors: number
  readonly processes: number
  readonly files: number
}

/** Reloads in a process of its own. @param collected - the collector runs every 20 loads */
export async function reload(
  options: Readonly<Record<string, string>>,
  collector: 'collected' | 'left alone',
): Promise<Reloaded> {
  const flags = collector === 'collected' ? ['--expose-gc'] : []
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-C', 'source', ...flags, script, ...args])
  assert.equal(stderr, '')
  const said: unknown = JSON.parse(stdout)
  assert(said instanceof Object)
  const numbers = new Map<string, unknown>(Object.entries(said))
  const number = (name: string): number => {
    const value = numbers.get(name)
    return typeof value === 'number' ? value : NaN
  }
  return {
    fromHalf: number('fromHalf'),
    from500: number('from500'),
    heap: number('heap'),
    alive: number('alive'),
    descriptors: number('descriptors'),
    processes: number('processes'),
    files: number('files'),
  }
}
