import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { reasonOf } from '../errors.ts'
import { asLeader, guardLeader, killTree, releaseLeader } from '../process/tree.ts'
import type { CodeSettings } from './options.ts'
import { compileFailed } from './refused.ts'

/** What a compiler prints is kept up to here, in bytes. */
const mostOutput = 2 ** 20

/** A compiler to call, and what it is called with. */
export interface CompileCommand extends Pick<CodeSettings, 'silent' | 'compileTime'> {
  readonly compiler: string
  readonly main: string
  readonly source: string
  readonly target: string
  readonly env: Readonly<Record<string, string>>
}

interface Ended {
  readonly output: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly late: boolean
}

/**
 * Calls a compiler as OpenWhisk does: `compiler <main> <source> <target>`, with `PATH` and the function's environment. It and all
 * that it has started are ended when it takes too long.
 *
 * @throws MortiseError `COMPILE_FAILED`, with what it printed as `details.output`
 */
export async function runCompiler(command: CompileCommand): Promise<void> {
  await mkdir(command.target)
  const { output, exitCode, signal, late } = await run(command)
  const limit = command.compileTime
  if (late)
    throw compileFailed(`the compiler took longer than ${limit} ms`, { output: output || 'signal: killed', limit })
  const how = signal === null ? `exit status ${exitCode}` : `signal: ${signal}`
  if (output !== '' && (command.silent || exitCode !== 0))
    throw compileFailed(`the compiler printed\n${output.slice(0, 2000)}`, { output })
  if (exitCode !== 0) throw compileFailed(`the compiler ended with ${how}, and printed nothing`, { output: how })
}

async function run(command: CompileCommand): Promise<Ended> {
  const { compiler } = command
  try {
    return await end(command)
  } catch (cause) {
    const output = `fork/exec ${compiler}: ${systemSays(cause)}`
    throw compileFailed(`the compiler '${compiler}' could not be started: ${reasonOf(cause)}`, { output, cause })
  }
}

async function end({ compiler, main, source, target, env, compileTime }: CompileCommand): Promise<Ended> {
  const child = spawn(compiler, [main, asGiven(source), asGiven(target)], {
    ...asLeader,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>()
  const { pid } = child
  const chunks: Buffer[] = []
  let length = 0
  const keep = (chunk: Buffer): void => {
    if (length < mostOutput) chunks.push(chunk)
    length += chunk.length
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let late = false
  const timer = setTimeout(() => {
    late = true
    if (pid !== undefined) killTree(pid, 'SIGKILL')
    // What has left its group may hold the pipes for ever.
    child.stdout.destroy()
    child.stderr.destroy()
  }, compileTime)
  child.on('error', reject)
  // What it has started ends with it.
  child.on('exit', () => {
    if (pid !== undefined) releaseLeader(pid)
  })
  child.on('close', (exitCode, signal) =>
    resolve({ output: Buffer.concat(chunks).toString('utf8', 0, mostOutput), exitCode, signal, late }),
  )
  if (pid !== undefined) guardLeader(pid)
  try {
    return await ended
  } finally {
    clearTimeout(timer)
  }
}

/** Relative to the working directory where it lies there, as OpenWhisk's own compilers expect. */
function asGiven(folder: string): string {
  const path = relative(process.cwd(), folder)
  return path.startsWith(`..${sep}`) ? folder : path
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOEXEC: 'exec format error',
}

function systemSays(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (typeof code === 'string' ? sentences[code] : undefined) ?? reasonOf(error)
}
