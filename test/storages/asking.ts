import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AsyncCall, FieldValue, Key, Row } from 'mortise/extension'

/** A key of a storage, as a guest builds it. */
export function keyOf(storage: string, fields: Readonly<Record<string, FieldValue>>): Key {
  return { storage, entity: '', fields: new Map(Object.entries(fields)) }
}

/** A call that nobody ends. */
export const call: AsyncCall = { signal: new AbortController().signal }

/** A server of HTTP on the loopback. */
export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  /** What came in: method, path, headers and body, in the order of their ends. */
  readonly requests: readonly TestRequest[]
  stop(): Promise<void>
}

export interface TestRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Starts one. @param answer - gets each request whole */
export async function startServer(
  answer: (request: TestRequest, response: ServerResponse) => void | Promise<void>,
): Promise<TestServer> {
  const requests: TestRequest[] = []
  const respond = async (request: TestRequest, response: ServerResponse): Promise<void> => {
    try {
      await answer(request, response)
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined)
    }
  }
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      const request = { method, path: url, headers, body: Buffer.concat(parts) }
      requests.push(request)
      void respond(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  const host = `127.0.0.1:${port}`
  return { url: `http://${host}`, host, requests, stop, [Symbol.asyncDispose]: stop }
}

/** The only row that a storage gives. */
export async function single(rows: AsyncIterable<readonly [Row, Row]> | undefined): Promise<readonly [Row, Row]> {
  const all: (readonly [Row, Row])[] = []
  if (rows !== undefined) for await (const row of rows) all.push(row)
  const [first] = all
  if (first === undefined || all.length !== 1) throw new Error(`there are ${all.length} rows`)
  return first
}
