import { Agent, request } from 'undici'
import { buildText } from '../support/guest.ts'
import { randomOf } from '../support/random.ts'
import { type Footprint, ServerProcess } from './server-process.ts'

/** What a load found. */
export interface Found {
  readonly requests: number
  /** Everything that is not as it has to be. */
  readonly unlike: readonly string[]
  /** How often each function was asked. */
  readonly asked: Readonly<Record<string, number>>
  /** What the server held once it had warmed up, and at the end, with no request under way. */
  readonly before: Footprint
  readonly after: Footprint
}

/** A function of the load. */
interface Kind {
  readonly name: string
  /** Of 100 requests so many are for it. */
  readonly share: number
  readonly value: (n: number, wait: number) => unknown
  /** Why an answer is wrong, or `undefined`. */
  readonly wrong: (n: number, status: number, body: string) => string | undefined
}

const answers =
  (answer: (n: number) => unknown): Kind['wrong'] =>
  (n, status, body) =>
    status === 200 && body.trimEnd() === JSON.stringify(answer(n)) ? undefined : `${status} ${body.slice(0, 200)}`

const fails =
  (wanted: number, code: string): Kind['wrong'] =>
  (_, status, body) =>
    status === wanted && body.includes(`"code":"${code}"`) ? undefined : `${status} ${body.slice(0, 200)}`

const exitsAt = (n: number): boolean => n % 4 === 3

const kinds: readonly Kind[] = [
  { name: 'hello', share: 34, value: (n) => ({ name: `${n}` }), wrong: answers((n) => ({ greetings: `Hello, ${n}` })) },
  { name: 'waits', share: 30, value: (n, wait) => ({ n, wait }), wrong: answers((n) => ({ n })) },
  { name: 'child', share: 30, value: (n, wait) => ({ n, wait }), wrong: answers((n) => ({ n })) },
  { name: 'traps', share: 3, value: () => ({ name: 'trap' }), wrong: fails(502, 'TRAP_UNREACHABLE') },
  // One that exits too often in a row is given up.
  {
    name: 'exits',
    share: 2,
    value: (n) => ({ exit: exitsAt(n) }),
    wrong: (n, ...got) => (exitsAt(n) ? fails(502, 'PROCESS_ENDED') : answers(() => ({ lives: true })))(n, ...got),
  },
  { name: 'loops', share: 1, value: () => ({ name: 'loop' }), wrong: fails(504, 'DEADLINE') },
]

const waits =
  'export const main = async ({ n, wait }) => { await new Promise((resolve) => setTimeout(resolve, wait)); return { n } }\n'

const exits =
  '#!/bin/sh\nwhile read -r line; do case $line in *true*) exit 1;; esac; echo \'{"lives":true}\' >&3; done\n'

const guest = `
@json class Event { name: string = '' }
@json class Greeting { greetings: string = '' }
export function main(event: Event): Greeting {
  if (event.name == 'trap') unreachable()
  while (event.name == 'loop') {}
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + event.name
  return greeting
}`

/** Asks a server of its own for a mix of everything over many connections, and compares every answer. */
export async function mixedLoad(
  seed: number,
  milliseconds: number,
  connections: number,
  progress: (requests: number) => void = () => {},
): Promise<Found> {
  const wasm = await buildText(guest)
  await using server = await ServerProcess.start({
    hello: { file: 'hello.wasm', data: wasm },
    traps: { file: 'traps.wasm', data: wasm },
    loops: { file: 'loops.wasm', data: wasm, deadline: '300 ms' },
    waits: { file: 'waits.mjs', data: waits },
    exits: { file: 'exits.sh', data: exits },
  })
  // What is posted runs in a process.
  await server.init('child', waits)
  const load = new Load(server.url, seed, connections, progress)
  await load.run(milliseconds / 2)
  const before = await server.footprint()
  await load.run(milliseconds / 2)
  const { requests, unlike, asked } = load
  return { requests, unlike, asked, before, after: await server.footprint() }
}

class Load {
  readonly unlike: string[] = []
  readonly asked: Record<string, number> = {}
  requests = 0
  readonly #url: string
  readonly #random: () => number
  readonly #connections: number
  readonly #progress: (requests: number) => void

  constructor(url: string, seed: number, connections: number, progress: (requests: number) => void) {
    this.#url = url
    this.#random = randomOf(seed)
    this.#connections = connections
    this.#progress = progress
  }

  /** One request after another on each connection, all closed at the end. */
  async run(milliseconds: number): Promise<void> {
    const agent = new Agent({ connections: this.#connections, pipelining: 1 })
    const end = performance.now() + milliseconds
    const one = async (): Promise<void> => {
      while (performance.now() < end) await this.#one(agent, pick(this.#random() * 100))
    }
    await Promise.all(Array.from({ length: this.#connections }, one))
    await agent.close()
  }

  async #one(dispatcher: Agent, { name, value, wrong }: Kind): Promise<void> {
    const n = this.requests++
    const wait = Math.floor(this.#random() * 51)
    this.asked[name] = (this.asked[name] ?? 0) + 1
    const body = JSON.stringify({ value: value(n, wait) })
    const what = await request(`${this.#url}/run/${name}`, { method: 'POST', body, dispatcher }).then(
      async (reply) => wrong(n, reply.statusCode, await reply.body.text()),
      (error: unknown) => `no answer: ${String(error)}`,
    )
    if (what !== undefined && this.unlike.length < 20) this.unlike.push(`${name}, request ${n}: ${what}`)
    this.#progress(this.requests)
  }
}

function pick(point: number): Kind {
  let sum = 0
  for (const kind of kinds) if (point < (sum += kind.share)) return kind
  throw new Error('The shares are less than 100')
}
