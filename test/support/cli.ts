import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

/** What a run of the command line left behind. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What differs in the environment from that of the test. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Runs `mortise` as a process of its own, as a user does. What it gets on stdin is `input`; with `source`, modules of the user's that
 * it runs find this checkout's sources, and need no build.
 */
export async function mortise(
  args: readonly string[],
  {
    input = '',
    cwd = process.cwd(),
    source = false,
    env = {},
  }: { input?: string; cwd?: string; source?: boolean; env?: Environment } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [...(source ? ['-C', 'source'] : []), bin, ...args], {
    cwd,
    stdio: 'pipe',
    env: { ...process.env, ...env },
  })
  // A command that needs no input ends without reading it.
  child.stdin.on('error', () => {}).end(input)
  const exited = Promise.withResolvers<number | null>()
  child.once('error', exited.reject).once('close', exited.resolve)
  const [stdout, stderr, code] = await Promise.all([child.stdout.toArray(), child.stderr.toArray(), exited.promise])
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
}

/** Starts `mortise` and gives its lines on stdout as they come. Kill it when done. */
export function startMortise(
  args: readonly string[],
  cwd: string,
  env: Environment = {},
): { lines: AsyncIterator<string, undefined>; stop(): Promise<number | null> } {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const exited = Promise.withResolvers<number | null>()
  child.once('error', exited.reject).once('close', exited.resolve)
  const lines = async function* (): AsyncGenerator<string, undefined> {
    let rest = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const parts = (rest + String(chunk)).split('\n')
      rest = parts.pop() ?? ''
      yield* parts
    }
  }
  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT')
    return exited.promise
  }
  return { lines: lines(), stop }
}
