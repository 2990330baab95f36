import { readFile } from 'node:fs/promises'
import { readArtifact, type Source } from '../artifact.ts'
import { http, type HttpHeaders, type HttpRequest, type HttpResponse } from '../contracts/http/http.ts'
import type { Json } from '../contracts/action/json.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { readModule } from '../wasm/binary/module.ts'
import { surfaceOf } from '../wasm/surface.ts'
import { type Arguments, type Terminal, UsageError } from './command.ts'
import { readConfig, type Guest, type Plugged } from './guest.ts'

/** Whether a guest is called with a request: the command line has one, or nothing else fits the module. */
export async function takesRequest(source: Source, args: Arguments): Promise<boolean> {
  if (args.text('request') !== undefined || args.texts('header').length > 0) return true
  const { kind, bytes } = await readArtifact(source)
  return kind === 'wasm-module' && http.bindings.wasm.check(surfaceOf(readModule(bytes))).length === 0
}

/** Plugs a guest in as a handler, to be called with the request of the command line. */
export async function plugHttp(
  { host, source, name, hook }: Guest,
  args: Arguments,
  terminal: Terminal,
): Promise<Plugged> {
  if (args.text('state') !== undefined || hook !== undefined)
    throw new UsageError('A guest that answers HTTP requests has no extensions and no state: it takes --request')
  const request = await readRequest(args, terminal)
  const start = performance.now()
  const plugin = await host.plug(name, source, http, { config: readConfig(args) })
  const load = performance.now() - start
  return { plugin, gives: 'response', load, call: async () => show(await plugin.hooks.fetch(request)) }
}

async function readRequest(args: Arguments, terminal: Terminal): Promise<HttpRequest> {
  const given = args.text('request') ?? '/'
  const [, method, uri] = /^(?:([A-Za-z]+) )?(\/\S*|https?:\/\/\S+)$/.exec(given) ?? []
  if (uri === undefined)
    throw new UsageError(`--request is '${given}', and takes a path, or a method and a path: 'POST /orders'`)
  const data = args.text('data')
  const input = args.text('input')
  if (data !== undefined && input !== undefined) throw new UsageError('It takes --data or --input, not both')
  const piped = data === undefined && input === undefined && takesBody(method) ? await terminal.read() : undefined
  const body = input === undefined ? Buffer.from(data ?? piped ?? '') : await read(input)
  const withBody = data !== undefined || input !== undefined
  return { method: method?.toUpperCase() ?? (withBody ? 'POST' : 'GET'), uri, headers: readHeaders(args), body }
}

const takesBody = (method = 'GET'): boolean => !/^(?:get|head)$/i.test(method)

function readHeaders(args: Arguments): HttpHeaders {
  return args.texts('header').map((text) => {
    const [, name = '', value = ''] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? []
    if (name === '') throw new UsageError(`--header is '${text}', and takes 'name: value'`)
    return [name, value]
  })
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new MortiseError('INPUT_INVALID', `Cannot read the body from '${path}': ${reasonOf(cause)}`, { cause })
  }
}

/** An answer as JSON: a body that is no text is Base64. */
function show({ status, headers, body }: HttpResponse): Json {
  const list = headers.map(([name, value]) => [name, value])
  try {
    return { status, headers: list, body: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    return { status, headers: list, base64: Buffer.from(body).toString('base64') }
  }
}
