import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinned } from '../../harness/peer.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByAsync } from '../script.ts'
import { guest, guestSize } from '../stage.ts'
import type { Size } from '../work.ts'
import { loadGrpc } from './grpc-package.ts'

const server = fileURLToPath(new URL('grpc-server.ts', import.meta.url))
let sockets = 0

/** What each method answers with, by the hook. */
const methods = {
  getUser: ['GetUser', 'user'],
  getUserByClaim: ['GetUserByClaim', 'user'],
  getUserGroups: ['GetUserGroups', 'groups'],
  findUsers: ['FindUsers', 'users'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

/** As hashicorp/go-plugin does it: a child process that serves gRPC on a unix socket and says on its standard output when it is ready. */
async function open(size: Size): Promise<Opened> {
  const socket = join(tmpdir(), `mortise-bench-${process.pid}-${++sockets}.sock`)
  const child = spawn(process.execPath, ['--no-warnings', server, socket, guest('esm', size)], {
    // It ends with its standard input, whatever becomes of this process.
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  const { grpc, definition } = await loadGrpc()
  const client = new definition(`unix:${socket}`, grpc.credentials.createInsecure(), {})
  const hooks = hooksByAsync((hook, params) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    // oxlint-disable-next-line no-unsafe-type-assertion -- the hooks are these
    const [method, field] = methods[hook as keyof typeof methods]
    const done = (error: Error | null, result: Readonly<Record<string, unknown>>): void => {
      if (error !== null) reject(error)
      else resolve(field === 'groups' ? Object(result[field])['groups'] : result[field])
    }
    Reflect.apply(Object(client[method]), client, [params, done])
    return promise
  })
  const close = async (): Promise<void> => {
    client.close()
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    rmSync(socket, { force: true })
  }
  return { mode: 'async', hooks, close }
}

export const subject: MechanismSubject = subjectOf({
  name: `gRPC, ${pinned('@grpc/grpc-js')}`,
  url: import.meta.url,
  role: 'sandbox',
  variants: { 'child process, unix socket': open },
  overlaps: true,
  isolation: { crash: 'yes', memory: 'yes', loop: 'SIGKILL', unload: 'yes' },
  artifact: () => guestSize('esm'),
})
