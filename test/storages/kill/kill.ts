import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'

/** What came of several rounds. */
export interface Rounds {
  readonly rounds: number
  readonly unlike: readonly string[]
  /** How many orders were acknowledged. */
  readonly acknowledged: bigint
}

/** What a program under load was killed with. */
export interface Killed {
  /** The offset of the last event that it was told is committed. */
  readonly acknowledged: bigint
  readonly stderr: string
}

/**
 * Starts a program that writes to a store, and kills it `SIGKILL` some time after its first commit.
 *
 * @param delay - in milliseconds; below 0: it is killed while it starts
 * @param before - what is done before it is killed
 */
export async function killUnderLoad(
  args: readonly string[],
  delay: number,
  before: () => Promise<void> = async () => {},
): Promise<Killed> {
  const program = join(import.meta.dirname, 'child.ts')
  const child: ChildProcess = spawn(process.execPath, ['-C', 'source', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  if (child.stdout === null) throw new Error('no stdout')
  const lines = createInterface(child.stdout)
  let acknowledged = 0n
  const first = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (/^\d+$/.test(line)) acknowledged = BigInt(line)
      resolve()
    })
  })
  const closed = once(lines, 'close')
  await (delay < 0 ? after(-delay) : Promise.race([first.then(() => after(delay)), ended]))
  await before()
  child.kill('SIGKILL')
  await Promise.all([ended, closed])
  return { acknowledged, stderr }
}
