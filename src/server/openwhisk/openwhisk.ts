import type { IncomingMessage, ServerResponse } from 'node:http'
import { CodeFolder } from '../../code/code.ts'
import { MortiseError } from '../../errors.ts'
import { Functions } from '../../functions/functions.ts'
import { readBody } from '../body.ts'
import { Guard } from '../guard.ts'
import { initBodyLimit } from '../init-request.ts'
import { Listener, type Patience, type Place, type TlsFiles } from '../listener.ts'
import { failure } from '../reply.ts'
import { Action } from './action.ts'
import type { ContainerSettings } from './environment.ts'
import { type ExactReply, refusal } from './replies.ts'
import type { Streams } from './gathered.ts'
import { ActivationStreams } from './streams.ts'

/** What a runtime of OpenWhisk is to be. */
export interface OpenWhiskSettings extends ContainerSettings {
  /** What makes posted code ready: {@link codeFolder}. */
  readonly code: CodeFolder
  readonly place: Place
  readonly tls: TlsFiles | undefined
  readonly patience: Patience
  /** An action may be put in place of another. */
  readonly again: boolean
  /** Bytes of the body of `/run`. */
  readonly maxParameters: number
  /** Bytes of posted code. */
  readonly maxCode: number
  /** Milliseconds that the end waits for requests under way. */
  readonly drain: number
  readonly streams: Streams
  /** Tells whoever runs the container. */
  readonly warn: (text: string) => void
}

/** A runtime that serves. */
export interface OpenWhiskRuntime {
  readonly url: string
  /** @returns whether all requests were answered in time */
  close(): Promise<boolean>
}

/**
 * Serves one action as the runtimes of Apache OpenWhisk do: `/init` takes its code, `/run` runs it. Only the path of a request counts.
 *
 * https://github.com/apache/openwhisk/blob/master/docs/actions-new.md
 *
 * @throws MortiseError `LISTEN_FAILED`
 */
export async function serveOpenWhisk(settings: OpenWhiskSettings): Promise<OpenWhiskRuntime> {
  const { place, tls, patience, streams: to, concurrent, acknowledge, start, drain } = settings
  const listener = await Listener.make({ tls, wait: patience })
  const streams = new ActivationStreams(to, concurrent)
  const functions = new Functions({
    allow: ['process'],
    code: settings.code,
    log: (line) => streams.write(line),
    ...(!concurrent && { concurrency: 1 }),
    // A program that has ended is not started again here: the platform takes another container.
    process: { ack: acknowledge, restarts: 0, start, settle },
  })
  const action = new Action({ ...settings, functions, streams, alone: !concurrent })
  // In a container whoever reaches it may use it; on a machine of one's own, pages in a browser reach it too.
  const guard = 'host' in place && loopback.has(place.host) ? new Guard({}, place.host) : undefined
  const handle = async (request: IncomingMessage): Promise<ExactReply> => {
    guard?.check(request)
    const [path] = (request.url ?? '').split('?')
    if (path === '/healthz') return healthy
    if (path === '/readyz') return listener.draining ? ending : healthy
    if (path !== '/init' && path !== '/run') return refusal(404, `There is nothing at ${path?.slice(0, 200)}`)
    if (listener.draining) return ending
    if (path === '/run') return action.run(await read(request, settings.maxParameters, 'Error reading request body: '))
    return action.settled ?? action.init(await read(request, initBodyLimit(settings.maxCode), ''))
  }
  listener.server.on('request', (request, response) => {
    void handle(request)
      .catch((error: unknown) => refused(error, settings.warn))
      .then((reply) => send(response, reply, listener.draining))
  })
  const url = await listener.listen(place)
  return {
    url,
    async close() {
      const inTime = await listener.drain(drain)
      // Nobody waits for what still runs: its client has gone.
      await functions.close(0)
      await action.idle()
      return inTime
    },
  }
}

/** The folder where code is written, unpacked and compiled, as the settings of a container say. */
export function codeFolder(
  { compiler, saveJar, executionEnv }: Pick<ContainerSettings, 'compiler' | 'saveJar' | 'executionEnv'>,
  { folder, code, keepFailed }: { readonly folder: string; readonly code: number; readonly keepFailed: boolean },
): CodeFolder {
  return new CodeFolder({
    folder,
    code,
    keepFailed,
    allow: ['wasm', 'process'],
    // The wall is around the container: links of archives may lead to its programs.
    outsideLinks: true,
    ...(compiler !== undefined && { compiler }),
    ...(saveJar !== undefined && { saveJar }),
    ...(executionEnv !== undefined && { executionEnv }),
  })
}

/** A program that does not say when it is ready has to live for so many milliseconds; the reference looks after 5, and misses many. */
const settle = 100

const healthy: ExactReply = { status: 200, body: '{"ok":true}\n' }
const ending = refusal(503, 'The runtime is shutting down.')

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1'])

async function read(request: IncomingMessage, limit: number, before: string): Promise<Buffer> {
  try {
    return await readBody(request, limit)
  } catch (error) {
    if (!MortiseError.is(error, 'REQUEST_INVALID')) throw error
    throw new MortiseError(error.code, `${before}${error.message}`, { cause: error })
  }
}

function refused(error: unknown, warn: (text: string) => void): ExactReply {
  if (!MortiseError.is(error)) warn(error instanceof Error ? String(error.stack) : String(error))
  const { status } = failure(error)
  return refusal(status, MortiseError.is(error) ? error.message : 'The runtime failed')
}

function send(response: ServerResponse, { status, body }: ExactReply, last: boolean): void {
  if (last || status === 413) response.shouldKeepAlive = false
  const length = String(Buffer.byteLength(body))
  const type = body === '' ? [] : ['Content-Type', 'application/json']
  response.writeHead(status, [...type, 'Content-Length', length]).end(body)
}
