import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { serve } from 'mortise/server'
import { Sites } from '../../../src/server/site/sites.ts'
import { saying, script } from './guests.ts'
import type { LoadOrder, LoadReport } from './swap-load.ts'

/** Where plugins run. */
export type Place = 'wasm' | 'esm' | 'process'

/** How a plugin is to be swapped. */
export interface SwapTask {
  readonly place: Place
  readonly swaps: number
  /** Milliseconds of each window, of which every other one has swaps, and between two of those. */
  readonly window: number
  readonly pause: number
  readonly seed: number
  readonly progress?: (done: number) => void
}

/** What came of it. */
export interface SwapOutcome extends LoadReport {
  readonly swaps: number
  /** Swaps that had calls under way when the pointer moved. */
  readonly underWay: number
}

const connections = 32
const longest = 50

/** Swaps a plugin under load, whose handler waits at random; each version answers with its own number. */
export async function swapped({ place, swaps, window, pause, seed, progress }: SwapTask): Promise<SwapOutcome> {
  await using server = await serve({ port: 0, allow: ['esm'] })
  const { sites } = server
  assert(sites instanceof Sites)
  const runtime = place === 'wasm' ? {} : { runtime: place }
  const swap = (): Promise<number> => sites.plug('site', codeOf(place, ++made), runtime)
  const begun = (): number => {
    const { activations = 0, running = 0 } = sites.get('site')?.stats() ?? {}
    return activations + running
  }
  let [made, done, underWay] = [0, 0, 0]
  await swap()
  const load = await startLoad({ url: server.url, connections, seed, longest })
  try {
    while (done < swaps) {
      load.send('quiet')
      await setTimeout(window)
      load.send('swaps')
      const end = performance.now() + window
      while (performance.now() < end && done < swaps) {
        await swap()
        // Nothing has happened since the pointer moved.
        if ((sites.get('site')?.stats().running ?? 0) > 0) underWay++
        done++
        progress?.(done)
        // It is seen by a request before there is another.
        for (const before = begun(); begun() === before;) await setTimeout(1)
        await setTimeout(pause)
      }
    }
    const report = reportOf(load)
    load.send('end')
    return { ...(await report), swaps: done, underWay }
  } finally {
    load.kill()
  }
}

/** Everything that is not as the issue has it. */
export function unlikeOf(place: Place, { swaps, underWay, unlike, versions }: SwapOutcome): readonly string[] {
  return [
    ...unlike.map((what) => `${place}: ${what}`),
    ...(underWay < Math.floor(0.9 * swaps) ? [`${place}: ${underWay} of ${swaps} swaps had calls under way`] : []),
    ...(versions.length === swaps + 1 ? [] : [`${place}: ${versions.length} of ${swaps + 1} versions were seen`]),
  ]
}

const marker = '0000000'
const module = saying(`wasm ${marker}\n`)
const place = Buffer.from(module).indexOf(marker)

/** Made without a compiler, which would take the processor from the server. */
function codeOf(kind: Place, number: number): Uint8Array {
  if (kind !== 'wasm') return Buffer.from(script(number))
  const bytes = Buffer.from(module)
  bytes.write(String(number).padStart(marker.length, '0'), place)
  return bytes
}

async function startLoad(order: LoadOrder): Promise<ChildProcess> {
  const load = fork(join(import.meta.dirname, 'swap-load.ts'), [JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(load, 'message')
  return load
}

async function reportOf(load: ChildProcess): Promise<LoadReport> {
  const messages: unknown[] = await once(load, 'message')
  // oxlint-disable-next-line no-unsafe-type-assertion -- the script is ours
  return messages[0] as LoadReport
}
