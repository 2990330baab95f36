import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { PassThrough } from 'node:stream'
import { type TakeoverServer, serveTakeover } from '../../src/server/takeover/takeover.ts'
import type { TakeoverOptions } from '../../src/server/takeover/options.ts'

/** A module for Node that answers with what an expression makes of `value`. */
export const functionOf = (expression: string): string =>
  `import { start } from 'mortise/action'\nawait start((value) => (${expression}))\n`

/** A script for Node that listens on PORT, and answers with what an expression makes of `value`. */
export const onPort = (expression: string): string => `#!${process.execPath}
require('node:http').createServer((request, response) => {
  let body = ''
  request.on('data', (part) => { body += part }).on('end', () => {
    const { value } = JSON.parse(body)
    response.end(JSON.stringify(${expression}) + '\\n')
  })
}).listen(process.env.PORT, '127.0.0.1')
`

/** What a server answered. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

/** Sends a request on a connection of its own, unless an agent keeps them. It is never sent twice. */
export function ask(url: string, body: string | Buffer, options: RequestOptions = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request(url, { method: 'POST', agent: false, ...options })
  sent.once('error', reject).once('response', (response) => {
    text(response).then(
      (all) => resolve({ status: response.statusCode ?? 0, body: all, headers: response.headers }),
      reject,
    )
  })
  sent.end(body)
  return promise
}

/** What an answer says, as JSON. */
export function said({ body }: Answer): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(body)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** The number of the process that answered, where it says so. */
export const pidOf = (answer: Answer): number => Number(said(answer)['pid'])

/** A request to `/run` of which the server has got the beginning. */
export interface Begun {
  /** Sends the rest of the body, and gives the body of the answer. */
  end(rest: string): Promise<string>
}

/** Sends the first part of a body, once the server waits for it. */
export async function begin(url: string, part: string): Promise<Begun> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request(`${url}/run`, { method: 'POST', agent: false, headers: { expect: '100-continue' } })
  sent.once('error', reject).once('response', (response) => void text(response).then(resolve, reject))
  const taken = once(sent, 'continue')
  sent.write(part)
  await taken
  return {
    end(rest) {
      sent.end(rest)
      return promise
    },
  }
}

/** A server for a test, with all that programs print and all that happens. */
export interface Watched extends AsyncDisposable {
  readonly url: string
  readonly server: TakeoverServer
  readonly events: readonly string[]
  printed(): string
  /** Posts a program as text, or as binary. */
  init(code: string | Buffer, env?: Readonly<Record<string, unknown>>): Promise<Answer>
  run(value?: object, options?: RequestOptions): Promise<Answer>
  /** Resolves when something has happened so many times. */
  happened(what: RegExp, times?: number): Promise<void>
}

export async function takeover(options: TakeoverOptions = {}): Promise<Watched> {
  const events: string[] = []
  let changed = Promise.withResolvers<void>()
  const output = new PassThrough({ encoding: 'utf8' })
  let printed = ''
  output.on('data', (chunk: string) => {
    printed += chunk
  })
  const watch = (what: string): void => {
    events.push(what)
    changed.resolve()
    changed = Promise.withResolvers()
  }
  const server = await serveTakeover({
    port: 0,
    stdout: output,
    stderr: output,
    ready: '60 s',
    ...options,
    watch,
  })
  const { url } = server
  return {
    url,
    server,
    events,
    printed: () => printed,
    init(code, env) {
      const binary = typeof code !== 'string'
      return ask(
        `${url}/init`,
        JSON.stringify({ value: { code: binary ? code.toString('base64') : code, binary, env } }),
      )
    },
    run: (value = {}, more = {}) => ask(`${url}/run`, JSON.stringify({ value }), more),
    async happened(what, times = 1) {
      while (events.filter((event) => what.test(event)).length < times) await changed.promise
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}
