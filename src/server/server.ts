import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { MortiseError, reasonOf } from '../errors.ts'
import { type ActivationLine, Functions } from '../functions/functions.ts'
import type { Log } from './access.ts'
import { Admission } from './admission.ts'
import { assemble } from './app.ts'
import { DeployApi } from './deploy/deploy.ts'
import { Guard } from './guard.ts'
import { Listener } from './listener.ts'
import { logLine, type LogStream, prettyStream } from './log.ts'
import { deployedSites } from './deployed-sites.ts'
import { Registry } from './registry.ts'
import { RunningServer, type Server } from './running-server.ts'
import { type FunctionSource, type LogStyle, parseServer, type ServerOptions, type ServerSettings } from './settings.ts'
import { Sites } from './site/sites.ts'
import { Token } from './token.ts'

/**
 * Starts a server of functions: `POST /run/<name>` runs one, `POST /init/<name>` deploys one, `/web/<name>` is one that answers any
 * request as servers on the web do.
 *
 * Its `sites` are HTTP handlers, each at a path of it, `/` for all that is nobody else's.
 *
 * It listens at the loopback address and takes no requests that a web page sent or that are for a foreign host; `/init` needs a token.
 *
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`; `LISTEN_FAILED`; `ARTIFACT_UNREADABLE` for a function that is not there, and
 *   whatever its code is refused with
 * @example
 * ```ts
 * import { serve } from 'mortise/server'
 *
 * await using server = await serve({ port: 0, functions: { hello: './hello.wasm' } })
 * const response = await fetch(`${server.url}/run/hello`, { method: 'POST', body: '{"value":{"name":"Mike"}}' })
 * console.log(await response.json()) // { greetings: 'Hello, Mike' }
 * ```
 */
export async function serve(options: ServerOptions = {}): Promise<Server> {
  const settings = parseServer(options)
  const { place, tls, allow, maxParameters, maxCode, maxFunctions } = settings
  const token = new Token(settings.token)
  const listener = await Listener.make({ tls, wait: settings.patience })
  let log: Log | undefined
  let api: DeployApi | undefined
  const admission = await Admission.open(allow, maxCode)
  const common = {
    ...settings.limits,
    allow: Admission.runtimes(allow),
    code: admission,
    keep: settings.deploy?.keep ?? 0,
    drain: settings.swapDrain,
    ...(settings.threads !== undefined && { threads: settings.threads }),
    log(line: ActivationLine) {
      if (log !== undefined) logLine(log, line)
      api?.line(line)
    },
  }
  const functions = new Functions(common)
  const sites = new Sites(common, maxFunctions)
  const registry = new Registry(functions, maxFunctions)
  try {
    const guard = guardOf(settings, place)
    const app = await assemble({
      registry,
      token,
      listener,
      guard,
      sites,
      admit: settings.requireToken ? (request) => admit(request, token, api) : undefined,
      detail: settings.detail,
      parameters: maxParameters + envelope,
      code: maxCode,
      logger: loggerOf(settings.log),
    })
    if (settings.log !== 'off') log = app.log
    for (const [name, source] of settings.functions) await deploy(registry, admission, name, source)
    for (const [name, { path, ...rest }] of settings.sites) await sites.plug(name, path, rest)
    if (settings.deploy !== undefined) {
      const { patience } = settings
      const parts = {
        registry,
        admission,
        sites: deployedSites(sites, admission),
        guard: guardOf(settings, settings.deploy.place),
        patience,
        code: maxCode,
        log,
      }
      api = await DeployApi.open(settings.deploy, parts)
    }
    const url = await listener.listen(place)
    const deployUrl = await api?.listen()
    return new RunningServer({
      registry,
      url,
      deployUrl,
      token,
      listener,
      functions,
      sites,
      admission,
      app,
      api,
      limit: settings.drain,
    })
  } catch (error) {
    await listener.drain(0)
    await api?.[Symbol.asyncDispose]()
    await functions[Symbol.asyncDispose]()
    await sites[Symbol.asyncDispose]()
    await admission[Symbol.asyncDispose]()
    throw error
  }
}

/** Bytes that the rest of a request may take beside its parameters: identifiers, names, keys. */
const envelope = 65_536

/** Of who may run functions: whoever has the token of the server, or one of its store that is for that. */
async function admit(request: IncomingMessage, token: Token, api: DeployApi | undefined): Promise<void> {
  if (api === undefined) token.check(request)
  else if (!token.fits(request)) await api.admit(request)
}

const guardOf = ({ hosts, origins }: ServerSettings, place: object): Guard =>
  new Guard({ hosts, origins }, 'host' in place ? String(place.host) : '')

async function deploy(registry: Registry, admission: Admission, name: string, source: FunctionSource): Promise<void> {
  const { path, main = 'main', env = {}, ...rest } = source
  const { web = false, raw = false, customOptions = false, requireAuth = false, parameters = {}, ...limits } = rest
  const code = admission.bring({ bytes: await read(name, path), main, env })
  await registry.deploy(name, code, { web, raw, customOptions, requireAuth, parameters }, limits)
}

async function read(name: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    const why = reasonOf(cause)
    throw new MortiseError('ARTIFACT_UNREADABLE', `Cannot read the code of the function '${name}': ${why}`, { cause })
  }
}

const out = (text: string): void => void process.stdout.write(text)

function loggerOf(style: LogStyle): LogStream | undefined {
  if (style === 'off') return undefined
  return style === 'json' ? { write: out } : prettyStream(out)
}

export type { DeployOptions } from './deploy/options.ts'
export type { Server } from './running-server.ts'
export type { FunctionSource, LogStyle, ServerOptions } from './settings.ts'
export type { ServedSites, SiteOptions, SiteSource, SiteState } from './site/options.ts'
export type { FunctionLimits, PlugFunctionOptions, ServedFunction } from '../functions/functions.ts'
export type { PlugOptions } from './registry.ts'
