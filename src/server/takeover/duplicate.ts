import { fork } from 'node:child_process'
import type { Server } from 'node:net'
import { fileURLToPath } from 'node:url'

/** In a checkout this file and the echo are TypeScript, in the package JavaScript. */
const echo = fileURLToPath(new URL(`./echo${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))

/**
 * A second handle of a server's listening socket, from which nobody takes connections until a server listens on it. Node cannot stop
 * taking connections without closing the descriptor, nor duplicate one, but descriptors that a child process sends back are new ones.
 */
export async function duplicate(server: Server): Promise<object> {
  const child = fork(echo, { stdio: 'ignore', execArgv: [] })
  const failed = Promise.withResolvers<never>()
  child.once('error', failed.reject)
  child.once('exit', (code) => failed.reject(new Error(`the process that duplicates a socket ended with ${code}`)))
  const answer = Promise.withResolvers<unknown>()
  child.once('message', (_, handle: unknown) => answer.resolve(handle))
  if (!('_handle' in server)) throw new TypeError('a server of this Node has no handle')
  // oxlint-disable-next-line no-unsafe-type-assertion -- a handle can be sent as it is, and so the child does not listen on it
  child.send('socket', server._handle as Server)
  const handle = await Promise.race([answer.promise, failed.promise])
  failed.promise.catch(() => {})
  if (typeof handle !== 'object' || handle === null) throw new TypeError('the socket did not come back')
  return handle
}
