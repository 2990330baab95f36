import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Mortise } from 'mortise'
import { action } from 'mortise/action'
import { esm } from 'mortise/esm'

const usage = `node -C source [--expose-gc] test/esm/reload.ts [--loads 1000] [--size 200] [--language js|ts] [--import]

Swaps an ES module for a changed one again and again, and says what stays: how many KiB of memory (RSS) each load adds up to the half,
and from there on, how many KiB of the heap, and how many versions are in memory at the end. With --expose-gc the collector runs every
20 loads. --import loads by Node's own import() instead, which never lets go.`

/** Which versions are still in memory: each module leaves a weak reference to its `main`. */
const versions: WeakRef<object>[] = []
Reflect.set(globalThis, 'mortiseVersion', (main: object) => versions.push(new WeakRef(main)))

/** A module of so many KiB, other than any other; it uses a builtin, and each of its functions is of its own text. */
function source(version: number, size: number, language: string): string {
  const type = language === 'ts' ? ': number' : ''
  const head = `import { createHash } from 'node:crypto'
${language === 'ts' ? 'interface Event { readonly n: number }\n' : ''}
const seed${type} = ${version}
export function main({ n }${language === 'ts' ? ': Event' : ''}) {
  return { n: f0(n) + seed, hash: createHash('md5').update('x').digest('hex').length }
}
globalThis.mortiseVersion(main)
`
  const parts = [head]
  for (let index = 0, length = head.length; length < size * 1024; index++) {
    const part = `
/** Function ${index} of version ${version}. */
export function f${index}(n${type})${type} {
  const table = [${index}, ${version}, n].map((value) => value * 2)
  let sum = n
  for (const value of table) {
    if (value > ${index + version}) sum += value % ${index + 7}
    else sum -= 'a text that ${version} has, and ${index}'.length
  }
  return sum - sum + n
}
`
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}

/** Collects all that can be, where the collector can be called: some of it goes only when what held it has gone. */
async function collect(): Promise<void> {
  for (let round = 0; round < 5 && globalThis.gc !== undefined; round++) {
    await setImmediate()
    globalThis.gc()
  }
}

/** How much values rise from one to the next, by least squares: V8 collects when it likes, so single ones say little. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const [rise, run] = values.reduce(
    ([above, below], value, index) => [above + (index - middle) * (value - mean), below + (index - middle) ** 2],
    [0, 0],
  )
  return rise / run
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      loads: { type: 'string', default: '1000' },
      size: { type: 'string', default: '200' },
      language: { type: 'string', default: 'js' },
      import: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const [loads, size] = [Number(values.loads), Number(values.size)]
  const rss = (): number => process.memoryUsage.rss() / 1024
  const heap = (): number => process.memoryUsage().heapUsed / 1024

  await using host = new Mortise({ runtimes: [esm()] })
  const first = Buffer.from(source(0, size, values.language))
  const plugin = await host.plug('reloaded', first, action)
  const start = rss()
  const sizes: number[] = []
  let heapThen = heap()
  for (let version = 1; version <= loads; version++) {
    const text = source(version, size, values.language)
    if (values.import) {
      const module: unknown = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
      assert(typeof module === 'object' && module !== null && 'main' in module)
    } else {
      await plugin.swap(Buffer.from(text))
      for (let call = 0; call < 20; call++) {
        assert.deepEqual(await plugin.hooks.main({ n: call }), { n: call + version, hash: 32 })
      }
    }
    if (globalThis.gc !== undefined && version % 20 === 0) globalThis.gc()
    sizes.push(rss())
    if (version !== loads >> 1) continue
    await collect()
    heapThen = heap()
  }
  await collect()
  const alive = versions.filter((version) => version.deref() !== undefined).length
  const rounded = (value: number): number => Number(value.toFixed(1))
  const result = {
    loads,
    size: first.length,
    language: values.language,
    gc: globalThis.gc !== undefined,
    toHalf: rounded(slope([start, ...sizes.slice(0, loads >> 1)])),
    fromHalf: rounded(slope(sizes.slice(loads >> 1))),
    heap: rounded((heap() - heapThen) / (loads - (loads >> 1))),
    peakMiB: Math.round(Math.max(...sizes) / 1024),
    alive,
  }
  console.log(JSON.stringify(result))
}

await main()
