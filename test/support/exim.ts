import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exim = '/usr/sbin/exim4'
const run = promisify(execFile)

/** A mail server on the loopback: takes mails for example.com from `ada`, whose password is `quite secret`. */
export interface MailServer extends AsyncDisposable {
  readonly port: number
  /** Its own certificate, as PEM, where it encrypts. */
  readonly ca: string
  /** What was delivered: once it is so many mails, each with its `Envelope-to:` line. */
  mails(count: number): Promise<readonly string[]>
  stop(): Promise<void>
}

/**
 * Starts Exim, which `.ci/machine` installs, with a configuration of its own. It has no mailbox `full@example.com`.
 *
 * @param encrypts - offers STARTTLS
 */
export async function startExim({ encrypts = false } = {}): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-exim-'))
  const port = await freePort()
  const key = join(folder, 'key.pem')
  const certificate = join(folder, 'certificate.pem')
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const request = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-noenc',
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
    '-days',
    '1',
  ]
  await run('openssl', ['req', ...request, '-keyout', key, '-out', certificate])
  const owner = await someone()
  await writeFile(
    join(folder, 'exim.conf'),
    configuration(folder, port, owner, encrypts ? [certificate, key] : undefined),
  )
  const { uid, gid } = owner
  for (const file of [folder, key]) await chown(file, uid, gid)
  await chmod(key, 0o600)
  const child = spawn(exim, ['-bdf', '-C', join(folder, 'exim.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    uid,
    gid,
  })
  await started(child)
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }
  return {
    port,
    ca: await readFile(certificate, 'utf8'),
    mails: (count) => delivered(folder, count),
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function started(child: ChildProcess): Promise<void> {
  let said = ''
  const fail = (cause?: unknown): never => {
    throw new Error(`${exim} does not start: ${said}. Install exim4-daemon-light, as .ci/machine does`, { cause })
  }
  const ended = once(child, 'exit').then(() => fail(), fail)
  while (!said.includes('listening for SMTP')) {
    const parts: readonly unknown[] = await Promise.race([once(child.stderr ?? child, 'data'), ended])
    said += parts.map(String).join('')
  }
  ended.catch(() => {})
}

async function delivered(folder: string, count: number): Promise<readonly string[]> {
  const changes = new AbortController()
  const watcher = watch(folder, { signal: changes.signal })
  watcher.on('error', () => {})
  try {
    for (;;) {
      const changed = once(watcher, 'change')
      const text = await readFile(join(folder, 'mails'), 'utf8').catch(() => '')
      const mails = text.split(/^From .*\n/m).slice(1)
      // A mail ends with an empty line.
      if (mails.length >= count && text.endsWith('\n\n')) return mails
      await changed
    }
  } finally {
    changes.abort()
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

interface Owner {
  readonly user: string
  readonly group: string
  readonly uid: number
  readonly gid: number
}

/** Who runs Exim: it delivers nothing as root. */
async function someone(): Promise<Owner> {
  const { uid, username } = userInfo()
  const user = uid === 0 ? 'nobody' : username
  const ids = await Promise.all(['-gn', '-u', '-g'].map((which) => run('id', [which, user])))
  const [group = '', ...numbers] = ids.map(({ stdout }) => stdout.trim())
  const [ownUid = uid, gid = 0] = numbers.map(Number)
  return { user, group, uid: ownUid, gid }
}

const configuration = (
  folder: string,
  port: number,
  { user, group }: Owner,
  tls: readonly [string, string] | undefined,
): string => `
exim_path = ${exim}
primary_hostname = mail.test
keep_environment =
exim_user = ${user}
exim_group = ${group}
spool_directory = ${folder}/spool
log_file_path = ${folder}/%slog
pid_file_path = ${folder}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
acl_smtp_rcpt = recipient
never_users =
tls_advertise_hosts = ${tls === undefined ? '' : '*'}
${tls === undefined ? '' : `tls_certificate = ${tls[0]}\ntls_privatekey = ${tls[1]}`}
begin acl
recipient:
  deny !authenticated = *
  deny local_parts = full
  accept domains = example.com
  deny
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = ${folder}/mails
  envelope_to_add
  user = ${user}
  group = ${group}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and{{eq{$auth2}{ada}}{eq{$auth3}{quite secret}}}}
  server_set_id = $auth2
`
