import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Mortise, type Plugin } from 'mortise'
import { esm } from 'mortise/esm'
import { http, type HttpRequest, type HttpResponse } from 'mortise/http'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { sources } from './sources.ts'

const usage = `node -C source [--expose-gc] test/reload/reload.ts [--runtime esm|wasm|process] [--loads 1000] [--size 200]
  [--language js|ts] [--import]

Swaps an HTTP handler for a changed one again and again, and says what stays: how many KiB of memory (RSS) each load adds, in
the first half, in the second, and behind the first 500; how many KiB of the heap; how many versions are in memory at the end; and how many
descriptors, processes and temporary files there are more. With --expose-gc the collector runs every 20 loads. --size is of a module in
JavaScript, in KiB. --import loads those by Node's own import() instead, which never lets go.`

/** Which versions are still in memory: each module in JavaScript leaves a weak reference to its handler. */
const versions: WeakRef<object>[] = []
Reflect.set(globalThis, 'mortiseVersion', (site: object) => versions.push(new WeakRef(site)))

/** How much values rise from one to the next, by least squares: V8 collects when it likes, so single ones say little. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const [rise, run] = values.reduce(
    ([above, below], value, index) => [above + (index - middle) * (value - mean), below + (index - middle) ** 2],
    [0, 0],
  )
  return Number((rise / run).toFixed(1))
}

/** Collects all that can be, where the collector can be called: some of it goes only when what held it has gone. */
async function collect(): Promise<void> {
  for (let round = 0; round < 5 && globalThis.gc !== undefined; round++) {
    await setImmediate()
    globalThis.gc()
  }
}

interface Left {
  readonly descriptors: number
  readonly processes: number
  readonly files: number
}

/** What is open now, as far as the system says it. */
async function left(): Promise<Left> {
  const files = (await readdir(tmpdir())).length
  if (process.platform !== 'linux') return { descriptors: 0, processes: 0, files }
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  const descriptors = (await readdir('/proc/self/fd')).length
  return { descriptors, processes: children.split(' ').filter((pid) => pid.trim() !== '').length, files }
}

/** What is open once there are no more than some processes and files, for which what ends is given time. */
async function settled(processes: number, files: number): Promise<Left> {
  for (let look = 0; ; look++) {
    const now = await left()
    if ((now.processes <= processes && now.files <= files) || look === 2000) return now
    await setTimeout(5)
  }
}

type Site = Plugin<{ readonly fetch: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> }>

const request: HttpRequest = { method: 'GET', uri: '/', headers: [['host', 'localhost']], body: new Uint8Array() }

async function answered({ hooks }: Site): Promise<string> {
  return Buffer.from((await hooks.fetch(request)).body).toString()
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runtime: { type: 'string', default: 'esm' },
      loads: { type: 'string', default: '1000' },
      size: { type: 'string', default: '200' },
      language: { type: 'string', default: 'js' },
      import: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const loads = Number(values.loads)
  const calls = values.runtime === 'process' ? 2 : 20
  const source = await sources(values.runtime, { size: Number(values.size), language: values.language })
  const rss = (): number => process.memoryUsage.rss() / 1024
  const heap = (): number => process.memoryUsage().heapUsed / 1024

  const host = new Mortise({ runtimes: [esm(), wasm({ deadline: '20 s' }), childProcess()] })
  const runtime = values.runtime === 'process' ? ({ runtime: 'process' } as const) : {}
  const plugin: Site = await host.plug('reloaded', source(0), http, runtime)
  assert.equal(await answered(plugin), 'version 0')
  await plugin.swap(source(0))
  const start = rss()
  const own = values.runtime === 'process' ? 1 : 0
  const before = await settled(own, own)
  const sizes: number[] = []
  let heapThen = heap()
  for (let version = 1; version <= loads; version++) {
    const bytes = source(version)
    if (values.import) await import(`data:text/javascript;base64,${Buffer.from(bytes).toString('base64')}`)
    else {
      await plugin.swap(bytes)
      for (let call = 0; call < calls; call++) assert.equal(await answered(plugin), `version ${version}`)
    }
    if (globalThis.gc !== undefined && version % 20 === 0) globalThis.gc()
    sizes.push(rss())
    if (version !== loads >> 1) continue
    await collect()
    heapThen = heap()
  }
  await collect()
  const alive = versions.filter((version) => version.deref() !== undefined).length
  const after = await settled(own, own)
  await host.close()
  console.log(
    JSON.stringify({
      ...values,
      loads,
      size: source(0).length,
      gc: globalThis.gc !== undefined,
      toHalf: slope([start, ...sizes.slice(0, loads >> 1)]),
      fromHalf: slope(sizes.slice(loads >> 1)),
      ...(loads > 1000 && { from500: slope(sizes.slice(500)) }),
      heap: Number(((heap() - heapThen) / (loads - (loads >> 1))).toFixed(1)),
      peakMiB: Math.round(Math.max(...sizes) / 1024),
      alive,
      descriptors: after.descriptors - before.descriptors,
      processes: after.processes - before.processes,
      files: after.files - before.files,
    }),
  )
}

// A folder for temporary files of its own, in which those of nobody else are counted.
const folder = await mkdtemp(join(tmpdir(), 'mortise-reload-'))
process.env['TMPDIR'] = folder
try {
  await main()
} finally {
  await rm(folder, { recursive: true })
}
