import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openStore } from 'mortise/store'
import { TokenFile } from '../../../src/server/deploy/tokens.ts'
import { answering, digestOf } from './deploy-server.ts'

const bin = fileURLToPath(new URL('../../../bin/mortise.js', import.meta.url))

const plugins = [0, 1, 2].map((number) => `plugin-${number}`)
/** Activations of each plugin that a store keeps. */
const remembered = 1000

/** What is live of each plugin: its version, as far as it is known. */
type Live = Map<string, { version: number; digest: string }>

/** A change that is under way. */
interface Change {
  readonly plugin: string
  readonly what: 'deploy' | 'rollback' | 'remove'
  readonly digest: string
}

/**
 * Kills a server that is deployed to at random points, starts it again, and checks each time that exactly what was answered is live
 * and answers, but for the one change that was under way.
 *
 * @returns what is not as it has to be, and how many changes were answered
 */
export async function killServers(
  rounds: number,
  random: () => number,
  progress: (done: number, of: number) => void = () => {},
): Promise<{ readonly unlike: readonly string[]; readonly answered: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-kill-'))
  const modules = await Promise.all([1, 2, 3].map(answering))
  const digests = modules.map(digestOf)
  const token = await new TokenFile(join(folder, 'tokens.json')).add({ name: 'killer', roles: ['deploy', 'read'] })
  const unlike: string[] = []
  let answered = 0
  let live: Live = new Map()
  for (let round = 0; round < rounds; round++) {
    const server = await Server.start(folder, token)
    const found: string[] = []
    for (const [plugin, { version, digest }] of live) {
      const answer = await server.run(plugin)
      if (!answer.startsWith(`{"number":${digests.indexOf(digest) + 1},`) || !answer.endsWith(`version ${version}`))
        found.push(`${plugin} answers ${answer}, and version ${version} of ${digest.slice(0, 8)} is live`)
    }
    for (const bytes of modules) await server.put(bytes)
    let pending: Change | undefined
    const working = (async () => {
      for (;;) {
        const plugin = plugins[Math.floor(random() * plugins.length)] ?? ''
        const dice = random()
        const what = dice < 0.7 || !live.has(plugin) ? 'deploy' : dice < 0.95 ? 'rollback' : 'remove'
        const digest = digests[Math.floor(random() * 3)] ?? ''
        pending = { plugin, what, digest }
        const answer = await server.change(pending)
        if (answer === 'killed') return
        if (answer !== undefined) {
          answered++
          if (what === 'remove') live.delete(plugin)
          else live.set(plugin, answer)
        }
        pending = undefined
      }
    })()
    const delay = random() * 150
    await after(delay)
    await server.kill()
    await working
    {
      await using store = await openStore({ folder })
      const now: Live = new Map(
        (await store.live()).map(({ plugin, version, digest }) => [plugin, { version, digest }]),
      )
      for (const plugin of new Set([...live.keys(), ...now.keys()])) {
        const [is, was] = [now.get(plugin), live.get(plugin)]
        if (is?.version === was?.version && is?.digest === was?.digest) continue
        if (pending?.plugin === plugin && isOutcome(pending, is)) continue
        found.push(`${plugin}: ${JSON.stringify(is)} is live, and ${JSON.stringify(was)} was answered`)
      }
      const done = (await store.audits(100_000)).filter(({ outcome }) => outcome === 'done')
      for (const plugin of plugins) {
        const noted = done.filter((line) => line.plugin === plugin).slice(0, remembered)
        const happened = await store.activations(plugin, remembered)
        if (noted.length !== happened.length)
          found.push(`${plugin}: ${happened.length} changes, and ${noted.length} lines of them in the audit`)
      }
      live = now
    }
    unlike.push(...found.map((what) => `round ${round}, ${delay.toFixed(1)} ms: ${what}`))
    progress(round + 1, rounds)
  }
  await rm(folder, { recursive: true })
  return { unlike, answered }
}

/** Whether this may be live after a change that was not answered. */
function isOutcome({ what, digest }: Change, is: { digest: string } | undefined): boolean {
  if (what === 'remove') return is === undefined
  return is !== undefined && (what === 'rollback' || is.digest === digest)
}

class Server {
  readonly #child: ChildProcess
  readonly #token: string
  readonly #url: string
  readonly #deployUrl: string

  private constructor(child: ChildProcess, token: string, url: string, deployUrl: string) {
    this.#child = child
    this.#token = token
    this.#url = url
    this.#deployUrl = deployUrl
  }

  static async start(folder: string, token: string): Promise<Server> {
    const args = ['-C', 'source', bin, 'serve', '--port', '0', '--store', folder, '--deploy-port', '0', '--log', 'off']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      said += String(text)
      const [, url, deployUrl] = /(http:\S+)\n {2}deploys at (http:\S+)\n/.exec(said) ?? []
      if (url === undefined || deployUrl === undefined) continue
      child.stdout.resume()
      return new Server(child, token, url, deployUrl)
    }
    throw new Error(`The server ended: ${said}`)
  }

  async run(plugin: string): Promise<string> {
    const response = await fetch(`${this.#url}/run/${plugin}`, { method: 'POST', body: '{}' })
    return `${(await response.text()).trim()} version ${response.headers.get('x-mortise-version')}`
  }

  async put(bytes: Uint8Array): Promise<void> {
    await this.#send('PUT', `/v1/artifacts/${digestOf(bytes)}`, bytes)
  }

  /** What became live; nothing, where it was refused. */
  async change({ plugin, what, digest }: Change): Promise<{ version: number; digest: string } | 'killed' | undefined> {
    const path = `/v1/plugins/${plugin}`
    try {
      const [status, body] = await (what === 'remove'
        ? this.#send('DELETE', path)
        : what === 'deploy'
          ? this.#send('POST', `${path}/deploys`, JSON.stringify({ digest }))
          : this.#send('POST', `${path}/rollback`, '{}'))
      if (status !== 200) return undefined
      const made = new Map<string, unknown>(Object.entries(body))
      return { version: Number(made.get('version')), digest: String(made.get('digest')) }
    } catch {
      return 'killed'
    }
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  async #send(method: string, path: string, body?: Uint8Array | string): Promise<readonly [number, object]> {
    const type = typeof body === 'string' ? { 'content-type': 'application/json' } : undefined
    const headers = { authorization: `Bearer ${this.#token}`, ...type }
    const init = body === undefined ? {} : { body }
    const response = await fetch(`${this.#deployUrl}${path}`, { method, headers, ...init })
    const value: unknown = await response.json()
    return [response.status, Object(value) === value && typeof value === 'object' && value !== null ? value : {}]
  }
}
