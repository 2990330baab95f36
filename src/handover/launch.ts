import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { Readable, type Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { MortiseError } from '../errors.ts'
import { asLeader, guardLeader, killTree, releaseLeader } from '../process/tree.ts'
import { readyDescriptor } from './inherited.ts'

/** A program that is to take the place of a server. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Descriptor of the listening socket that it is handed. */
  readonly socket: number | undefined
  /** A free port of 127.0.0.1, which a program listens on that cannot take a socket. */
  readonly port: number | undefined
  /** Milliseconds that it has to get ready. */
  readonly within: number
  /** Get what it prints, and hold it up where they are slow. Without, it prints to where this process does, and outlives it. */
  readonly output?: { readonly stdout: Writable; readonly stderr: Writable }
}

/** A program that serves. */
export interface Launched {
  readonly process: ChildProcess
  /** Whether it takes connections from the socket that it was handed, or on its port. */
  readonly on: 'socket' | 'port'
  /** Resolves when it takes no more connections from the socket. */
  readonly left: Promise<void>
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
}

/** Milliseconds between two looks at whether it listens on its port. */
const interval = 20
/** Milliseconds that the pipes of a program that has ended are still read for, as one that outlives it may hold them open. */
const drainTime = 250
/** How much of stderr a sentence shows. */
const shown = 300

/** Nobody knows a process number before there is the process, so that a shell says it, which becomes the program. */
const shell = existsSync('/bin/sh') ? '/bin/sh' : undefined
const becoming = 'LISTEN_PID=$$; export LISTEN_PID; exec "$0" "$@"'

/** Starts a program and waits until it serves: `PROCESS_NOT_STARTED`, and then nothing is left of it. */
export async function launch(program: Launch): Promise<Launched> {
  let tail = ''
  const started = start(program, (text) => {
    tail = (tail + text).slice(-shown)
  })
  const { process, ended } = started
  const stop = new AbortController()
  const said = ready(process)
  try {
    const on = await Promise.race([
      said.ready.then(() => 'socket' as const),
      ended.then((how) => refuse(`it ${how} before it was ready`, tail)),
      wait(program.within, undefined, { signal: stop.signal }).then(() => refuse(unready(program), tail)),
      ...(program.port === undefined ? [] : [listening(program.port, stop.signal).then(() => 'port' as const)]),
    ])
    return { ...started, on, left: said.closed }
  } catch (error) {
    started.signal('SIGKILL')
    await ended
    throw error
  } finally {
    stop.abort()
  }
}

function start(program: Launch, tell: (text: string) => void): Omit<Launched, 'on' | 'left'> {
  const { command, args, cwd, env, socket, port, output } = program
  const named = socket !== undefined && shell !== undefined
  const child = spawn(named ? shell : command, named ? ['-c', becoming, command, ...args] : args, {
    cwd,
    env: {
      ...env,
      MORTISE_READY_FD: String(readyDescriptor),
      ...(socket !== undefined && { LISTEN_FDS: '1', LISTEN_FDNAMES: 'http' }),
      ...(port !== undefined && { PORT: String(port) }),
    },
    stdio:
      output === undefined
        ? ['ignore', 'inherit', 'inherit', socket ?? 'ignore', 'pipe']
        : ['pipe', 'pipe', 'pipe', socket ?? 'ignore', 'pipe'],
    ...(output !== undefined && asLeader),
  })
  const { pid } = child
  if (pid !== undefined && output !== undefined) guardLeader(pid)
  if (output !== undefined) {
    child.stdout?.pipe(output.stdout, { end: false })
    child.stderr?.on('data', (bytes: Buffer) => tell(bytes.toString())).pipe(output.stderr, { end: false })
  }
  // It may close its end whenever it likes.
  child.stdin?.on('error', () => {})
  const ended = Promise.withResolvers<string>()
  child.once('error', ({ message }) => ended.resolve(`could not be started (${message})`))
  child.once('exit', (exitCode, signal) => {
    if (pid !== undefined && output !== undefined) releaseLeader(pid)
    const how = signal === null ? `ended with exit code ${exitCode ?? 'unknown'}` : `was ended by ${signal}`
    // What it wrote last is read before anyone is told, but for what somebody else holds open.
    const timer = setTimeout(ended.resolve, drainTime, how)
    child.once('close', () => {
      clearTimeout(timer)
      ended.resolve(how)
    })
  })
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (pid !== undefined && name === 'SIGKILL' && output !== undefined) killTree(pid, name)
    else child.kill(name)
  }
  return { process: child, ended: ended.promise, signal }
}

/** When a program says that it serves, and when it says that it takes no more connections, or is gone. */
function ready({ stdio }: ChildProcess): { readonly ready: Promise<void>; readonly closed: Promise<void> } {
  const stream: unknown = stdio[readyDescriptor]
  const said = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  if (stream instanceof Readable) {
    stream.on('data', (bytes: Buffer) => {
      if (bytes.includes(0x0a)) said.resolve()
    })
    stream.on('close', () => closed.resolve()).on('error', () => {})
  } else closed.resolve()
  return { ready: said.promise, closed: closed.promise }
}

/** Resolves when somebody listens on a port. */
async function listening(port: number, signal: AbortSignal): Promise<void> {
  while (!(await isListening(port))) {
    // Nobody waits for it any more once it is aborted.
    if (signal.aborted) return new Promise(() => {})
    await wait(interval)
  }
}

function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

function unready({ port, socket, within }: Launch): string {
  const ways = [
    ...(port === undefined ? [] : [`listens on 127.0.0.1 at the port in PORT (${port})`]),
    ...(socket === undefined ? [] : [`serves from descriptor 3 and writes a line to descriptor ${readyDescriptor}`]),
  ]
  return `it was not ready within ${within} ms: a program ${ways.join(', or ')}`
}

function refuse(why: string, stderr: string): never {
  const tail = stderr.trim()
  throw new MortiseError(
    'PROCESS_NOT_STARTED',
    `Cannot put the posted program in the place of the server: ${why}${tail === '' ? '' : `. Its stderr ends with: ${tail}`}`,
    tail === '' ? {} : { stderr: tail },
  )
}
