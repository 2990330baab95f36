import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { wrong } from '../../engine/work.ts'
import { pinned } from '../../harness/peer.ts'
import { type MechanismSubject, type Opened, subjectOf } from '../mechanism.ts'
import { hooksByAsync } from '../script.ts'
import { guest, guestSize } from '../stage.ts'
import type { Size } from '../work.ts'
import { type Answer, loadGrpc } from './grpc-package.ts'

const server = fileURLToPath(new URL('grpc-server.ts', import.meta.url))
/** The method of each hook, and what of its answer is the result. */
const methods: Readonly<Record<string, readonly [string, (answer: Answer) => unknown]>> = {
  getUser: ['GetUser', ({ user }) => user],
  getUserByClaim: ['GetUserByClaim', ({ user }) => user],
  getUserGroups: ['GetUserGroups', ({ groups }) => groups?.groups],
  findUsers: ['FindUsers', ({ users }) => users],
}

/** As hashicorp/go-plugin does it: a child process that serves gRPC on a unix socket and says on its standard output when it is ready. */
async function open(size: Size): Promise<Opened> {
  const socket = join(tmpdir(), `mortise-${randomUUID()}.sock`)
  const child = spawn(process.execPath, ['--no-warnings', server, socket, guest('esm', size)], {
    // It ends with its standard input, whatever becomes of this process.
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(wrong)])
  const { grpc, definition } = await loadGrpc()
  const client = new definition(`unix:${socket}`, grpc.credentials.createInsecure(), {})
  const hooks = hooksByAsync((hook, params) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const [name, result] = methods[hook] ?? wrong(hook)
    const { path, requestSerialize, responseDeserialize } = definition.service[name] ?? wrong(name)
    const options = { deadline: Date.now() + 10_000 }
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, params, options, (error, answer) => {
      if (error === null) resolve(result(answer))
      else reject(error)
    })
    return promise
  })
  const close = async (): Promise<void> => {
    client.close()
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
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
