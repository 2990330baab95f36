import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const missing =
  'PostgreSQL is not installed: the tests start a server of their own. On Debian: apt-get install postgresql (.ci/machine does it)'

/** A server of PostgreSQL of the test's own, in a temporary folder, which only this machine's users reach. */
export interface PostgresServer extends AsyncDisposable {
  /** Where a database is; with a namespace, what has no other name lies there. */
  url(namespace?: string): string
  /** Ends it as the loss of power would, and starts it again. */
  crash(): Promise<void>
  /** Ends it at once. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** Who runs it: a server refuses to be root. */
interface User {
  readonly uid: number
  readonly gid: number
}

/**
 * Starts a server.
 *
 * @param safe - keeps what is committed whatever happens, and is slower
 */
export async function startPostgres(safe = false): Promise<PostgresServer> {
  const programs = programsFolder()
  const user = userOf()
  const folder = await mkdtemp(join(tmpdir(), 'mortise-pg-'))
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  await chmod(folder, 0o700)
  const data = join(folder, 'data')
  const options = { cwd: folder, ...user }
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'],
    {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const speed = safe ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off']
  let server: ChildProcess | undefined
  const onExit = (): void => void server?.kill('SIGQUIT')
  process.on('exit', onExit)

  const start = async (): Promise<void> => {
    const child = spawn(join(programs, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses=', ...speed], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    server = child
    await new Promise<void>((resolve, reject) => {
      let log = ''
      child.stderr.on('data', (chunk) => {
        log = (log + String(chunk)).slice(-10_000)
        if (log.includes('ready to accept connections')) resolve()
      })
      child.once('exit', () => reject(new Error(`PostgreSQL does not start: ${log}`)))
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = server
    server = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  await start()
  return {
    url: (namespace) => {
      const path = namespace === undefined ? '' : `&options=${encodeURIComponent(`-c search_path=${namespace}`)}`
      return `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}${path}`
    },
    // Its own children end themselves as soon as they see that it is gone.
    crash: async () => {
      await end('SIGQUIT')
      await start()
    },
    stop: () => end('SIGINT'),
    start,
    [Symbol.asyncDispose]: async () => {
      await end('SIGINT')
      process.off('exit', onExit)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Where initdb is: Debian keeps it out of the path. */
function programsFolder(): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })),
  ]
  const found = folders.find((folder) => globSync(join(folder, 'initdb')).length > 0)
  assert.ok(found !== undefined, missing)
  return found
}

function userOf(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
