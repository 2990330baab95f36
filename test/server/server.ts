import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'mortise/build'
import { serve, type Server, type ServerOptions } from 'mortise/server'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const guest = fileURLToPath(new URL('../../examples/hello/guest', import.meta.url))
let built: Promise<Uint8Array> | undefined

/** The module that greets. */
export async function helloModule(): Promise<Uint8Array> {
  built ??= build(guest).then(({ wasm }) => wasm)
  return built
}

/** What `/init` is posted for some code. */
export function initBody(code: Uint8Array | string, rest: object = {}): string {
  const binary = typeof code !== 'string'
  return JSON.stringify({ value: { code: binary ? Buffer.from(code).toString('base64') : code, binary, ...rest } })
}

/** A folder for what a test writes. */
export async function folder(): Promise<
  AsyncDisposable & { readonly path: string; file(name: string, content: string | Uint8Array): Promise<string> }
> {
  const path = await mkdtemp(join(tmpdir(), 'mortise-server-'))
  return {
    path,
    async file(name, content) {
      await writeFile(join(path, name), content)
      return join(path, name)
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

/** A server at a port of its own, with the greeting function under the names `default` and `hello`. */
export async function greeter(options: ServerOptions = {}): Promise<Server> {
  await using files = await folder()
  const path = await files.file('hello.wasm', await helloModule())
  return await serve({
    port: 0,
    ...options,
    functions: { default: path, hello: { path, web: true }, ...options.functions },
  })
}

/** An answer, as far as tests look at it. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** Sends a request, as a client that is no browser does. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

export const post = (
  url: string,
  body: string | Uint8Array = '{}',
  headers: Record<string, string> = {},
): Promise<Answer> => ask(url, { method: 'POST', body, headers })

/** Sends bytes as they are, and gives all that came back until the server closed the connection. */
export async function raw(url: string, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const closed = closing(socket)
  for (const part of parts) socket.write(part)
  await closed
  return text
}

/** Resolves when a connection is closed, in whatever way. */
export function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => {}).once('close', () => resolve())
  })
}
