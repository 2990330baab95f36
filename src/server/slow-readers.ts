import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Cuts off clients that leave an answer lying: it stays in memory for as long as they take nothing of it. No timer of the socket does it,
 * since those run during long actions, when nothing is written, too.
 *
 * @param limit - milliseconds in which a client has to take something of what is there for it
 */
export function watchReaders(server: Server, limit: number): void {
  const sockets = new Set<Socket>()
  const before = new Map<Socket, number>()
  const look = (): void => {
    for (const socket of sockets) {
      const taken = socket.writableLength === 0 ? -1 : socket.bytesWritten - socket.writableLength
      if (taken >= 0 && before.get(socket) === taken) socket.destroy()
      else if (taken >= 0) before.set(socket, taken)
      else before.delete(socket)
    }
  }
  let timer: NodeJS.Timeout | undefined
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    timer ??= setInterval(look, limit).unref()
    socket.once('close', () => {
      sockets.delete(socket)
      before.delete(socket)
      if (sockets.size > 0) return
      clearInterval(timer)
      timer = undefined
    })
  })
}
