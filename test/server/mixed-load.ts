import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'
import { buildText } from '../support/guest.ts'
import { randomOf } from '../support/random.ts'

const bin = fileURLToPath(new URL('../../bin/mortise.js', import.meta.url))

/** What a load has to find, and what it found besides. */
export interface Served {
  readonly requests: number
  /** Everything that is not as it has to be. */
  readonly unlike: readonly string[]
  /** How often each function was asked. */
  readonly asked: Readonly<Record<string, number>>
  /** Resident bytes and descriptors of the server, once it had warmed up and at the end, with no request under way. */
  readonly before: Footprint
  readonly after: Footprint
  /** Milliseconds that answers of the function that does nothing took, of 100 the worst but one. */
  readonly p99: number
}

/** What a process holds. */
export interface Footprint {
  readonly resident: number
  readonly descriptors: number
  readonly children: number
}

/** The functions of the load, each with what is asked of it and what it must answer. */
interface Kind {
  readonly name: string
  /** Of 100 requests so many are for it. */
  readonly share: number
  readonly ask: (n: number, wait: number) => unknown
  /** Why an answer is wrong, or `undefined`. */
  readonly wrong: (n: number, status: number, body: string) => string | undefined
}

const exactly =
  (answer: (n: number) => unknown): Kind['wrong'] =>
  (n, status, body) =>
    status === 200 && body.trimEnd() === JSON.stringify(answer(n)) ? undefined : `${status} ${body.slice(0, 200)}`

const failure =
  (status: number, ...codes: readonly string[]): Kind['wrong'] =>
  (_, got, body) =>
    got === status && codes.some((code) => body.includes(`"code":"${code}"`))
      ? undefined
      : `${got} ${body.slice(0, 200)}`

const greeted = exactly((n) => ({ greetings: `Hello, ${n}` }))
const waited = exactly((n) => ({ n }))

const kinds: readonly Kind[] = [
  { name: 'hello', share: 34, ask: (n) => ({ name: `${n}` }), wrong: greeted },
  { name: 'waits', share: 30, ask: (n, wait) => ({ n, wait }), wrong: waited },
  { name: 'child', share: 30, ask: (n, wait) => ({ n, wait }), wrong: waited },
  { name: 'traps', share: 3, ask: () => ({}), wrong: failure(502, 'TRAP_UNREACHABLE', 'GUEST_ABORTED') },
  { name: 'exits', share: 2, ask: () => ({}), wrong: failure(502, 'PROCESS_ENDED') },
  { name: 'loops', share: 1, ask: () => ({}), wrong: failure(504, 'DEADLINE') },
]

/** Asks a server of its own for a mix of everything over many connections, and compares every answer. */
export async function mixedLoad(
  seed: number,
  milliseconds: number,
  connections = 64,
  progress: (requests: number) => void = () => {},
): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-load-'))
  try {
    await using server = await Server.start(await functionsIn(folder), folder)
    return await load(server, seed, milliseconds, connections, progress)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function load(
  server: Server,
  seed: number,
  milliseconds: number,
  connections: number,
  progress: (n: number) => void,
): Promise<Served> {
  const random = randomOf(seed)
  const unlike: string[] = []
  const asked: Record<string, number> = {}
  const quick: number[] = []
  let n = 0
  const until = async (end: number): Promise<void> => {
    await using agent = disposing(new Agent({ connections, pipelining: 1, headersTimeout: 60_000 }))
    const one = async (): Promise<void> => {
      while (performance.now() < end) {
        const number = n++
        const kind = pick(random() * 100)
        const wait = Math.floor(random() * 51)
        asked[kind.name] = (asked[kind.name] ?? 0) + 1
        const start = performance.now()
        const wrong = await ask(server.url, agent.it, kind, number, wait)
        if (kind.name === 'hello') quick.push(performance.now() - start)
        if (wrong !== undefined && unlike.length < 20) unlike.push(`${kind.name}, request ${number}: ${wrong}`)
        progress(number)
      }
    }
    await Promise.all(Array.from({ length: connections }, one))
  }
  await until(performance.now() + milliseconds / 3)
  const before = await server.footprint()
  await until(performance.now() + (milliseconds * 2) / 3)
  const after = await server.footprint()
  const p99 = quick.toSorted((a, b) => a - b)[Math.floor(quick.length * 0.99)] ?? NaN
  return { requests: n, unlike, asked, before, after, p99 }
}

async function ask(
  url: string,
  dispatcher: Agent,
  { name, ask, wrong }: Kind,
  n: number,
  wait: number,
): Promise<string | undefined> {
  try {
    const body = JSON.stringify({ value: ask(n, wait) })
    const reply = await request(`${url}/run/${name}`, { method: 'POST', body, dispatcher })
    return wrong(n, reply.statusCode, await reply.body.text())
  } catch (error) {
    return `no answer: ${String(error)}`
  }
}

function pick(point: number): Kind {
  let sum = 0
  for (const kind of kinds) if (point < (sum += kind.share)) return kind
  throw new Error('The shares are less than 100')
}

/** Makes the functions, and the config file of a server of them. */
async function functionsIn(folder: string): Promise<string> {
  const write = async (name: string, data: string | Uint8Array): Promise<string> => {
    await writeFile(join(folder, name), data)
    return name
  }
  const compile = async (name: string, body: string): Promise<string> => {
    const source = `@json class Event { name: string = '' }\n@json class Greeting { greetings: string = '' }\nexport function main(event: Event): Greeting {\n${body}\n}\n`
    return write(`${name}.wasm`, await buildText(source))
  }
  const waits =
    'export const main = async ({ n, wait }) => { await new Promise((resolve) => setTimeout(resolve, wait)); return { n } }\n'
  const functions = {
    hello: {
      path: await compile(
        'hello',
        "const greeting = new Greeting(); greeting.greetings = 'Hello, ' + event.name; return greeting",
      ),
    },
    traps: { path: await compile('traps', 'unreachable(); return new Greeting()') },
    loops: { path: await compile('loops', 'while (true) {} return new Greeting()'), deadline: '300 ms' },
    waits: { path: await write('waits.mjs', waits), runtime: 'esm', concurrency: 64 },
    child: { path: await write('child.mjs', waits), runtime: 'process', concurrency: 64 },
    exits: { path: await write('exits.sh', '#!/bin/sh\nread -r line\nexit 1\n') },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify({ allow: ['esm', 'process'], log: 'off', functions }))
  return join(folder, 'config.json')
}

/** `mortise serve` in a process of its own. */
class Server implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  static async start(config: string, cwd: string): Promise<Server> {
    const child = spawn(process.execPath, ['-C', 'source', bin, 'serve', '--config', config, '--port', '0'], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.setEncoding('utf8')
    let said = ''
    for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
      said += String(text)
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
      if (url === undefined) continue
      child.stdout.resume()
      return new Server(url, child)
    }
    throw new Error(`The server ended: ${said}`)
  }

  /** What it holds, as Linux counts it; zeros elsewhere. */
  async footprint(): Promise<Footprint> {
    if (process.platform !== 'linux') return { resident: 0, descriptors: 0, children: 0 }
    const { pid } = this.#child
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? []
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return {
      resident: Number(kilobytes) * 1024,
      descriptors: (await readdir(`/proc/${pid}/fd`)).length,
      children: children.trim().split(' ').filter(Boolean).length,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
  }
}

const disposing = (agent: Agent): AsyncDisposable & { readonly it: Agent } => ({
  it: agent,
  [Symbol.asyncDispose]: () => agent.close(),
})
