import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout } from 'node:timers/promises'
import type { Finished, Tools } from './code.ts'

/** A command that starts an action runtime. */
export interface Target {
  readonly program: string
  readonly args: readonly string[]
  /** Where it listens whatever it is told; by default it is told a free port in `PORT`. */
  readonly port?: number
}

/** The Mortise of this folder. */
export const ours: Target = {
  program: process.execPath,
  args: ['-C', 'source', fileURLToPath(new URL('../../bin/mortise.js', import.meta.url)), 'serve', '--openwhisk'],
}

/** How one is started. */
export interface StartOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly flags?: readonly string[]
  /** Executable files in its folder. */
  readonly place?: Readonly<Record<string, Uint8Array>>
}

/** It has this long to listen, and to end. */
const patience = 30_000

/** An action runtime in a process and a folder of its own. */
export class Runtime implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #out: Captured
  readonly #err: Captured
  readonly #closed: Promise<unknown>

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.url = `http://127.0.0.1:${port}`
    this.#child = child
    this.#folder = folder
    this.#out = new Captured(child.stdout)
    this.#err = new Captured(child.stderr)
    this.#closed = once(child, 'close')
  }

  /** Resolves when it listens. */
  static async start(target: Target, { settings = {}, flags = [], place = {} }: StartOptions = {}): Promise<Runtime> {
    const folder = await workFolder(place)
    const port = target.port ?? (await freePort())
    const child = start(target, flags, folder, { PORT: `${port}`, ...settings })
    const runtime = new Runtime(child, folder, port)
    const end = performance.now() + patience
    // Nothing tells when it listens but that it does.
    while (!(await listens(port))) {
      if (child.exitCode !== null || performance.now() > end) {
        const { stdout, stderr } = await runtime.stop()
        await runtime[Symbol.asyncDispose]()
        throw new Error(
          `'${[target.program, ...target.args, ...flags].join(' ')}' does not listen on ${port}:\n${stdout}${stderr}`,
        )
      }
      await setTimeout(5)
    }
    return runtime
  }

  /** What it has written so far. */
  get stdout(): string {
    return this.#out.text
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The names of everything in its work folder. */
  async files(): Promise<readonly string[]> {
    return (await readdir(this.#folder, { recursive: true })).map((path) => basename(path))
  }

  /** Tells it to end, and gives all that it has written. */
  async stop(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    this.#child.kill('SIGTERM')
    const timer = new AbortController()
    const late = setTimeout(patience, 'late', { signal: timer.signal }).catch(() => 'ended')
    const exited =
      this.#child.exitCode === null && this.#child.signalCode === null ? once(this.#child, 'exit') : undefined
    await Promise.race([exited, late])
    timer.abort()
    killGroup(this.pid)
    await this.#closed
    return { stdout: this.#out.text, stderr: this.#err.text }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** What can be made with a runtime's command. */
export const toolsOf = (target: Target): Tools => ({
  async command(args, { input = '', settings = {}, place = {} } = {}): Promise<Finished> {
    const folder = await workFolder(place)
    try {
      const child = start(target, args, folder, settings)
      const closed = once(child, 'close')
      child.stdin?.on('error', () => {}).end(input)
      const [stdout, stderr] = await Promise.all([child.stdout?.toArray(), child.stderr?.toArray()])
      await closed
      return { code: child.exitCode, stdout: Buffer.concat(stdout ?? []), stderr: Buffer.concat(stderr ?? []) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})

async function workFolder(place: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-openwhisk-'))
  for (const [name, bytes] of Object.entries(place)) await writeFile(join(folder, name), bytes, { mode: 0o755 })
  return folder
}

/** In a group of its own, so that what it leaves behind can be ended with it, and with nothing of this environment but what programs need. */
function start(
  target: Target,
  flags: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env
  return spawn(target.program, [...target.args, ...flags], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

/** Keeps what a stream says. */
class Captured {
  text = ''

  constructor(stream: NodeJS.ReadableStream | null) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      this.text += text
    })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
