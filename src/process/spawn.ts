import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { reasonOf } from '../errors.ts'
import { ProcessFault } from './fault.ts'
import type { Program } from './program.ts'
import { asLeader } from './tree.ts'

/** A process that has been started, and the ends of its pipes. */
export interface Spawned {
  readonly process: ChildProcess
  readonly pid: number
  /** Descriptor 0: lines for it. */
  readonly input: Socket
  readonly stdout: Socket
  readonly stderr: Socket
  /** Descriptor 3: its answers. */
  readonly answers: Socket
}

/** A file that was just written counts as busy while any thread of this process forks. */
const busyRetries = 20
const busyPause = 10

/** Starts a program, with descriptors 0 to 3 and nothing else of this process: `PROCESS_NOT_STARTED`. */
export async function spawnProgram(program: Program): Promise<Spawned> {
  await program.check()
  for (let retry = 0; ; retry++) {
    try {
      return await attempt(program)
    } catch (error) {
      if (retry < busyRetries && codeOf(error) === 'ETXTBSY') {
        await wait(busyPause)
        continue
      }
      throw new ProcessFault('PROCESS_NOT_STARTED', `${reasonOf(error)}${hints[codeOf(error)] ?? ''}`, {}, error)
    }
  }
}

const hints: Readonly<Record<string, string>> = {
  EACCES: '. Make the file executable (chmod +x); one on a file system without programs (noexec) needs another place',
  ENOENT:
    '. The interpreter that its first line names may be missing: the environment has only what was given, and no PATH',
}

async function attempt({ command, args, cwd, env }: Program): Promise<Spawned> {
  const process = spawn(command, args, { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], ...asLeader })
  await once(process, 'spawn')
  const { pid } = process
  const [input, stdout, stderr, answers] = process.stdio
  if (pid === undefined || !isSocket(input) || !isSocket(stdout) || !isSocket(stderr) || !isSocket(answers))
    throw new TypeError('node started a process without its pipes')
  return { process, pid, input, stdout, stderr, answers }
}

const isSocket = (stream: unknown): stream is Socket => stream instanceof Socket

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
