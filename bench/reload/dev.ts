import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tether } from '../actions/serving.ts'
import { wrong } from '../engine/work.ts'
import { mortise } from '../harness/compiled.ts'
import type { Bench } from '../harness/suite.ts'

/** Saves before anything is measured: until V8 has compiled the compiler. */
const warming = 6

/** A bench of saves. @param waits - for what is live: `quick`, `optimized`, or the `source` itself */
export async function saves(
  name: string,
  source: (n: number) => string,
  waits: 'quick' | 'optimized' | 'source',
): Promise<Bench> {
  const file = join(mkdtempSync(join(tmpdir(), 'mortise-bench-')), name)
  writeFileSync(file, source(0))
  const dev = await Dev.start(file)
  const built = waits !== 'source'
  let n = 0
  const settle = async (): Promise<void> => {
    if (built) await dev.live(n, 'optimized')
  }
  const save = async (): Promise<void> => {
    writeFileSync(file, source(++n))
    await dev.live(n, built ? 'quick' : 'source')
    if (waits === 'optimized') await dev.live(n, 'optimized')
    await dev.check(n)
  }
  await dev.live(0, built ? 'quick' : 'source')
  await settle()
  for (let warm = 0; warm < warming; warm++) {
    await save()
    await settle()
  }
  return {
    most: 1,
    async run(count) {
      for (let run = 0; run < count; run++) await save()
    },
    // The next save is of somebody who has looked at this one.
    after: settle,
  }
}

/** `mortise dev` in a process of its own. */
class Dev {
  readonly #url: string
  readonly #lines: AsyncIterator<string>
  /** The last save that each stage was live with. */
  readonly #stages = new Map<string, number>()

  private constructor(url: string, lines: AsyncIterator<string>) {
    this.#url = url
    this.#lines = lines
  }

  static async start(file: string): Promise<Dev> {
    const args = [process.execPath, mortise, 'dev', file, '--port', '0', '--json']
    const child = spawn('/bin/sh', ['-c', tether, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    for (;;) {
      const { event, url } = await told(lines)
      if (event === 'ready' && typeof url === 'string') return new Dev(url, lines)
    }
  }

  /** Resolves when a save is live. Each is, once in each stage. */
  async live(save: number, stage: string): Promise<void> {
    while ((this.#stages.get(stage) ?? -1) < save) {
      const { event, stage: now, error } = await told(this.#lines)
      if (event === 'failed') wrong(error)
      if (event === 'live' && typeof now === 'string') this.#stages.set(now, (this.#stages.get(now) ?? -1) + 1)
    }
  }

  /** Asks, and takes nothing but the answer of the code that was saved last. */
  async check(n: number): Promise<void> {
    const response = await fetch(this.#url, { method: 'POST', body: '{"value":{"name":"Mike"}}' })
    const answer: unknown = await response.json()
    const is = typeof answer === 'object' && answer !== null && 'number' in answer && 'greetings' in answer
    if (!is || answer.number !== n || answer.greetings !== 'Hello, Mike') wrong(answer)
  }
}

async function told(lines: AsyncIterator<string>): Promise<Readonly<Record<string, unknown>>> {
  const line = await lines.next()
  if (line.done === true) throw new Error('mortise dev ended')
  const said: unknown = JSON.parse(line.value)
  return typeof said === 'object' && said !== null ? { ...said } : {}
}
