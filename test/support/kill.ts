import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'

/** What a program under load was killed with. */
export interface Killed {
  /** What it had printed, whole lines only. */
  readonly lines: readonly string[]
  readonly stderr: string
}

/**
 * Starts a program in TypeScript, and kills it `SIGKILL` some time after its first line.
 *
 * @param delay - in milliseconds; below 0: it is killed while it starts
 * @param before - what is done before it is killed
 */
export async function killUnderLoad(
  program: string,
  args: readonly string[],
  delay: number,
  before: () => Promise<void> = async () => {},
): Promise<Killed> {
  const child: ChildProcess = spawn(process.execPath, ['-C', 'source', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  if (child.stdout === null) throw new Error('no stdout')
  const reader = createInterface(child.stdout)
  const lines: string[] = []
  const first = new Promise<void>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line)
      resolve()
    })
  })
  const closed = once(reader, 'close')
  await (delay < 0 ? after(-delay) : Promise.race([first.then(() => after(delay)), ended]))
  await before()
  child.kill('SIGKILL')
  await Promise.all([ended, closed])
  return { lines, stderr }
}
