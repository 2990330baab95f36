// Runs in a process of its own: asks a server over many connections at once, and looks at each answer.
import { Agent, request } from 'undici'
import { randomOf } from '../../support/random.ts'

/** What the process is started with, as JSON. */
export interface LoadOrder {
  readonly url: string
  readonly connections: number
  readonly seed: number
  /** Milliseconds that a handler may be asked to wait. */
  readonly longest: number
}

/** What it says once it is told to end. */
export interface LoadReport {
  readonly requests: number
  /** Everything that is not as it has to be; the first of it. */
  readonly unlike: readonly string[]
  /** The versions that have answered. */
  readonly versions: readonly number[]
  /** The 99th percentile, in milliseconds, of what a request took, by the name of the window in which it began. */
  readonly p99: Readonly<Record<string, number>>
}

// oxlint-disable-next-line no-unsafe-type-assertion -- it is ours
const { url, connections, seed, longest } = JSON.parse(process.argv[2] ?? '') as LoadOrder
const dispatcher = new Agent({ connections, pipelining: 1 })
const random = randomOf(seed)
const times = new Map<string, number[]>()
const versions = new Set<number>()
const unlike: string[] = []
const state = { window: '', requests: 0, over: false }

async function ask(): Promise<number> {
  const [began, wait] = [state.window, Math.floor(random() * (longest + 1))]
  const start = performance.now()
  const { statusCode, headers, body } = await request(`${url}/${wait}`, { dispatcher })
  const text = await body.text()
  const took = performance.now() - start
  const list = times.get(began)
  if (list === undefined) times.set(began, [took])
  else list.push(took)
  state.requests++
  const version = Number(headers['x-mortise-version'])
  const [, said] = /^\w+ (\d+)\n$/.exec(text) ?? []
  if (statusCode !== 200) throw new Error(`it was answered with ${statusCode}: ${text}`)
  if (Number(said) !== version) throw new Error(`version ${version} said ${text}`)
  versions.add(version)
  return version
}

async function connection(): Promise<void> {
  let before = 0
  while (!state.over) {
    try {
      const version = await ask()
      if (version < before) unlike.push(`version ${version} answered what was asked after an answer of ${before}`)
      before = version
    } catch (error) {
      if (unlike.length < 20) unlike.push(String(error))
    }
  }
}

process.on('message', (message: string) => {
  if (message === 'end') state.over = true
  else state.window = message
})
// Nobody waits for it any more.
process.on('disconnect', () => process.exit())
const all = Array.from({ length: connections }, connection)
process.send?.('ready')
await Promise.all(all)
const p99 = Object.fromEntries(
  [...times].map(([name, list]) => [name, list.toSorted((a, b) => a - b)[Math.floor(list.length * 0.99)] ?? 0]),
)
const report: LoadReport = { requests: state.requests, unlike, versions: [...versions], p99 }
process.send?.(report, () => process.exit())
