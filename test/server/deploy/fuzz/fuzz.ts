import { Agent, request } from 'node:http'
import { TokenFile } from '../../../../src/server/deploy/tokens.ts'
import { join } from 'node:path'
import { answering, DeployServer, digestOf, entries } from '../deploy-server.ts'
import { describe, type Described } from './description.ts'
import { type Caller, draw, type Drawn } from './requests.ts'
import { Values } from './values.ts'

/** What came out. */
export interface Report {
  readonly requests: number
  /** How many were answered with each status. */
  readonly statuses: ReadonlyMap<number, number>
  /** The operations of which at least one request succeeded. */
  readonly succeeded: ReadonlySet<string>
  /** All operations that the description has. */
  readonly operations: ReadonlySet<string>
  /** What is not as it has to be, each with its request. */
  readonly failures: readonly string[]
}

/** In milliseconds: whoever is answered later than that hangs. */
const longest = 30_000
/** Plugins that are there again when one of them was removed. */
const names = ['hello', 'other'] as const
/** At most so many failures are kept: one is enough to fail. */
const mostFailures = 20

/**
 * Sends a deploy API what its own description says that it takes, and that with something wrong in it. Each answer has to come, not be
 * 500, and fit the description; what is refused, or is sent by somebody who may not, changes nothing that is live.
 *
 * @param requests - as many are sent, and up to four times as many until each operation has succeeded once
 */
export async function fuzz(random: () => number, requests: number): Promise<Report> {
  const modules = await Promise.all([1, 2, 3].map(answering))
  await using server = await DeployServer.start({ maxFunctions: 8, maxCode: 100_000 })
  for (const bytes of modules) await server.put(bytes)
  const redeploy = async (name: string): Promise<void> => {
    for (const bytes of modules.slice(0, 2)) await server.deploy(name, bytes)
  }
  for (const name of names) await redeploy(name)
  const tokens = await tokensOf(server)
  const operations = describe((await server.api('GET', '/v1/openapi.json')).body)
  const known = [...modules.map(digestOf), '0'.repeat(64), ...names, ...names, 'a.b-c', 'main', '1', '2', '100']
  const values = new Values(random, known)
  const failures: string[] = []
  const statuses = new Map<number, number>()
  const succeeded = new Set<string>()
  const agent = new Agent({ keepAlive: true })
  let live = await liveOf(server)
  let count = 0
  const goesOn = (): boolean => count < requests || (succeeded.size < operations.length && count < requests * 4)
  for (; goesOn() && failures.length < mostFailures; count++) {
    const operation = operations[values.below(operations.length)]
    if (operation === undefined) throw new Error('The description has no operations')
    const drawn = draw(operation, values)
    const answer = await send(server.url, drawn, tokens.get(drawn.caller), agent)
    const fail = (what: string): void => void failures.push(`${show(drawn)}: ${what}`)
    if (typeof answer === 'string') {
      fail(answer)
      continue
    }
    const { status, text } = answer
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status === 500) fail(`500 ${text}`)
    // Another method may be another operation.
    const asked = operations.find(({ method, path }) => path === operation.path && method === drawn.method)
    const wrong = drawn.method === 'HEAD' ? withBody(text) : unlike(asked ?? operation, status, text)
    if (wrong !== undefined) fail(wrong)
    const now = await liveOf(server)
    const allowed = status === 200 && drawn.caller === 'deploy' && ['POST', 'DELETE'].includes(drawn.method)
    const changed = [...new Set([...live.keys(), ...now.keys()])].filter((name) => live.get(name) !== now.get(name))
    if (changed.length > 0 && !allowed) fail(`${status} ${text}, and ${changed.join(', ')} has changed`)
    if (changed.some((name) => !drawn.path.includes(`/${name}`))) fail(`${changed.join(', ')} has changed`)
    if (status === 200 && asked === operation) succeeded.add(`${operation.method} ${operation.path}`)
    for (const name of names) if (!now.has(name)) await redeploy(name)
    live = names.every((name) => now.has(name)) ? now : await liveOf(server)
  }
  agent.destroy()
  const all = new Set(operations.map(({ method, path }) => `${method} ${path}`))
  if ((await server.deploy('hello', modules[1] ?? new Uint8Array())).status !== 200) failures.push('It deploys no more')
  if ((await server.run('hello'))[0] !== '{"number":2,"calls":1}') failures.push('It runs no more')
  return { requests: count, statuses, succeeded, operations: all, failures }
}

/** The version of each plugin, as everybody is told of it. */
async function liveOf(server: DeployServer): Promise<ReadonlyMap<string, string>> {
  const { body } = await server.api('GET', '/v1/plugins')
  const plugins: unknown = body.get('plugins')
  if (!Array.isArray(plugins)) throw new Error('Nothing is said to be live')
  return new Map(plugins.map((plugin) => [String(entries(plugin).get('plugin')), JSON.stringify(plugin)]))
}

async function tokensOf(server: DeployServer): Promise<ReadonlyMap<Caller, string | undefined>> {
  const revoked = await server.addToken({ name: 'revoked', roles: ['deploy'] })
  await new TokenFile(join(server.store, 'tokens.json')).revoke('revoked')
  return new Map<Caller, string | undefined>([
    ['deploy', server.token],
    ['read', await server.addToken({ name: 'read', roles: ['read'] })],
    ['invoke', await server.addToken({ name: 'invoke', roles: ['invoke'] })],
    ['revoked', revoked],
    ['wrong', 'x'.repeat(43)],
    ['nobody', undefined],
  ])
}

const withBody = (text: string): string | undefined => (text === '' ? undefined : `HEAD has a body: ${text}`)

function unlike(operation: Described, status: number, text: string): string | undefined {
  if (status === 200 && operation.streams) return undefined
  // Node itself answers what is no HTTP, and what it does not expect.
  if (text === '' && [400, 417, 431].includes(status)) return undefined
  try {
    const wrong = operation.check(status, JSON.parse(text))
    return wrong === undefined ? undefined : `${status} ${text}: ${wrong}`
  } catch {
    return `${status} and no JSON: ${text}`
  }
}

/** Sends a request as it is. @returns its answer, or why there is none */
function send(
  url: string,
  { method, path, headers, body }: Drawn,
  token: string | undefined,
  agent: Agent,
): Promise<{ readonly status: number; readonly text: string } | string> {
  const { promise, resolve } = Promise.withResolvers<{ readonly status: number; readonly text: string } | string>()
  const { hostname, port } = new URL(url)
  const all = {
    ...headers,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
  }
  const sent = request({ hostname, port, method, path, headers: all, agent, timeout: longest }, (response) => {
    let text = ''
    response
      .setEncoding('utf8')
      .on('data', (chunk: string) => (text += chunk))
      .once('end', () => resolve({ status: response.statusCode ?? 0, text }))
      .once('error', (error) => resolve(`the answer broke off: ${error.message}`))
  })
  sent
    .once('timeout', () => sent.destroy(new Error(`no answer within ${longest} ms`)))
    .on('error', (error) => resolve(error.message))
    .end(body)
  return promise
}

function show({ method, path, caller, headers, body }: Drawn): string {
  const shown = typeof body === 'string' ? body : Buffer.from(body ?? []).toString('base64')
  return `${method} ${path.slice(0, 300)} by ${caller}, ${JSON.stringify(headers).slice(0, 200)}, ${shown.slice(0, 500)}`
}
