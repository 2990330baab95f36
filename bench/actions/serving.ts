import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, Socket, type AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** It has this long to listen. */
const patience = 20_000

/**
 * Ends a command when whoever started it is gone, however that ended: the harness kills its processes. A shell waits for the end of its
 * input, which is that.
 */
export const tether = '"$0" "$@" & child=$!; cat >/dev/null; kill $child; wait'

/** A server in a process of its own, told its port in `PORT`. @returns the port, once it listens */
export async function serving(command: readonly [string, ...string[]], options: ServingOptions = {}): Promise<number> {
  const port = options.port ?? (await freePort())
  const child = spawn('/bin/sh', ['-c', tether, ...command], {
    env: { ...process.env, PORT: `${port}`, ...options.env },
    cwd: options.cwd,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await listening(child, port)
  // It ends with this process, and keeps it from no end.
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return port
}

export interface ServingOptions {
  /** Where it listens, when it does not ask `PORT`. */
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Waits until a process listens. */
export async function listening(child: ChildProcess, port: number): Promise<void> {
  const end = performance.now() + patience
  // Nothing tells when it listens but that it does.
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > end)
      throw new Error(`${child.spawnargs.join(' ')} does not listen`)
    await setTimeout(1)
  }
}

export async function freePort(): Promise<number> {
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
