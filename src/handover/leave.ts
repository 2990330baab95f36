import type { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'

/**
 * Takes no more connections, and leaves those that there are open: one that looks idle may have a request on its way, which Node's
 * own `close()` would lose. Whoever answers says `connection: close`; what stays idle ends by the server's keep-alive time-out.
 *
 * @param within - milliseconds after which connections are cut off
 * @returns resolves when no connection is left
 */
export async function leave(server: HttpServer, within: number): Promise<void> {
  const gone = Promise.withResolvers<void>()
  Server.prototype.close.call(server, () => gone.resolve())
  const timer = setTimeout(() => server.closeAllConnections(), within)
  await gone.promise
  clearTimeout(timer)
}
