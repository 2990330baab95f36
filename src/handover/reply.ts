import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers with JSON and a line break, as OpenWhisk's own runtimes do; an answer that has begun is cut off. */
export function reply(response: ServerResponse, status: number, json: string): void {
  send(response, status, 'application/json', `${json}\n`)
}

/** Answers that something went wrong, as the platform reads it. */
export function replyError(response: ServerResponse, status: number, why: string): void {
  reply(response, status, JSON.stringify({ error: why }))
}

/** Answers that a program has taken over. */
export function replyOk(response: ServerResponse): void {
  send(response, 200, 'text/plain', 'OK\n')
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Reads a body of so many bytes at most; undefined for a longer one, of which the rest is not waited for. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>()
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= limit) return void chunks.push(chunk)
    chunks.length = 0
    resolve(undefined)
  })
  request.once('end', () => resolve(Buffer.concat(chunks)))
  request.once('error', reject)
  return promise
}
