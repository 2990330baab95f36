import type { Server } from 'node:net'

/** The descriptor of the listening socket, and the one on which a program says that it serves. */
const socketDescriptor = 3
export const readyDescriptor = 4

/** What only the program itself is told, in its environment. */
const handed = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'MORTISE_READY_FD', 'MORTISE_INIT'] as const

/** What a program was handed by the server whose place it takes. */
export interface Inherited {
  /** Descriptor of the listening socket. */
  readonly socket: number | undefined
  /** Descriptor on which it says that it serves, by a line, and that it takes no more connections, by closing it. */
  readonly ready: number | undefined
  /** Path of the Unix socket to which `/init` goes, where a supervisor has started it. */
  readonly init: string | undefined
}

/**
 * The listening socket that whoever started a process has handed to it.
 *
 * The convention is that of `sd_listen_fds(3)`: `LISTEN_FDS` sockets from descriptor 3 on, for the process `LISTEN_PID` alone.
 */
export function inheritedSocket(
  { LISTEN_FDS: count, LISTEN_PID: owner }: Readonly<Record<string, string | undefined>>,
  pid: number = process.pid,
): number | undefined {
  const mine = owner === undefined || owner === String(pid)
  return mine && /^[1-9]\d?$/.test(count ?? '') ? socketDescriptor : undefined
}

/**
 * Reads what this process was handed, and takes it out of the environment: it is not meant for processes that this one starts.
 */
export function takeInherited(env: NodeJS.ProcessEnv = process.env, pid: number = process.pid): Inherited {
  const { LISTEN_PID: owner, MORTISE_READY_FD: ready, MORTISE_INIT: init } = env
  const mine = owner === undefined || owner === String(pid)
  const socket = inheritedSocket(env, pid)
  for (const name of handed) Reflect.deleteProperty(env, name)
  return {
    socket,
    ready: mine && ready !== undefined && /^\d{1,3}$/.test(ready) ? Number(ready) : undefined,
    init: mine ? init : undefined,
  }
}

/** The descriptor of a listening server, which Node does not name; undefined where the system has none, as on Windows. */
export function descriptorOf(server: Server): number | undefined {
  const handle: unknown = '_handle' in server ? server._handle : undefined
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined
}
