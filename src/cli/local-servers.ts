import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Environment } from './serve-options.ts'

/** A server of this user, on this machine, to which can be deployed. */
export interface LocalServer {
  readonly pid: number
  /** Of its deploy API. */
  readonly url: string
  /** Where its functions are reached. */
  readonly serves: string
  readonly token: string
  readonly store: string
}

/**
 * Writes down that this process is a server, for other processes of its user alone.
 *
 * @returns what takes it back
 */
export async function announce(server: LocalServer, env: Environment): Promise<() => Promise<void>> {
  const folder = folderOf(env)
  if (folder === undefined) throw new Error('this user has no home folder')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await isOwn(folder, 'isDirectory'))) throw new Error(`others than you may write to ${folder}`)
  const path = join(folder, `${server.pid}.json`)
  await rm(path, { force: true })
  await writeFile(path, `${JSON.stringify(server)}\n`, { mode: 0o600, flag: 'wx' })
  return () => rm(path, { force: true })
}

/** The servers of this user that run. What those have left behind that were killed is removed. */
export async function localServers(env: Environment): Promise<readonly LocalServer[]> {
  const folder = folderOf(env)
  if (folder === undefined || !(await isOwn(folder, 'isDirectory'))) return []
  const servers: LocalServer[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    const path = join(folder, name)
    const server = (await isOwn(path, 'isFile')) ? parse(await readFile(path, 'utf8').catch(() => '')) : undefined
    if (server === undefined) continue
    if (isAlive(server.pid)) servers.push(server)
    else await rm(path, { force: true })
  }
  return servers
}

/** Of this user alone: what is kept in one that anybody may write to could be anybody's. */
function folderOf(env: Environment): string | undefined {
  const bases = [env['XDG_RUNTIME_DIR'], env['XDG_STATE_HOME'], env['LOCALAPPDATA'], homeState()]
  const base = bases.find((path) => path !== undefined && isAbsolute(path))
  return base === undefined ? undefined : join(base, 'mortise', 'servers')
}

function homeState(): string | undefined {
  try {
    return join(homedir(), '.local', 'state')
  } catch {
    // Users without an entry, as containers have them, may have none.
    return undefined
  }
}

async function isOwn(path: string, kind: 'isDirectory' | 'isFile'): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.[kind]() !== true) return false
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // It is nobody's, or of another user and so another one than it was.
    return false
  }
}

function parse(text: string): LocalServer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isServer(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isServer = (value: unknown): value is LocalServer =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  Number.isSafeInteger(value.pid) &&
  ['url', 'serves', 'token', 'store'].every((name) => name in value && typeof Reflect.get(value, name) === 'string')
