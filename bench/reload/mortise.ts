import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Mortise } from 'mortise'
import { action } from 'mortise/action'
import { wasm } from 'mortise/wasm'
import { padded } from '../actions/guests.ts'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { saves } from './dev.ts'
import { guest } from './guests.ts'
import { startServer } from './server.ts'
import { assemblyscript, typescript } from './sources.ts'

export const subject: Subject = {
  name: 'mortise',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.quick]: { '': () => saves('hello.ts', assemblyscript, 'quick') },
    [cases.optimized]: { '': () => saves('hello.ts', assemblyscript, 'optimized') },
    [cases.small]: { '': () => saves('hello.ts', (n) => typescript(n, 3_000), 'source') },
    [cases.large]: { '': () => saves('hello.ts', (n) => typescript(n, 200_000), 'source') },
    [cases.push]: { '': pushes },
    [cases.rollback]: { library: rollbacks, 'deploy API': () => rollbacksByApi() },
  },
}

async function pushes(): Promise<Bench> {
  const { client, check } = await startServer()
  const wasmBytes = readFileSync(guest)
  let [modules, n]: [Uint8Array[], number] = [[], 0]
  return {
    most: 20,
    before(count) {
      modules = Array.from({ length: count }, () => padded(wasmBytes, n++))
    },
    async run() {
      for (const module of modules) {
        const { version } = await client.push('hello', module)
        await check(version)
      }
    },
  }
}

/** What is kept gets ready behind what is live, and nothing tells when it is; milliseconds. */
const readying = 40

async function rollbacks(): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm()] })
  const wasmBytes = readFileSync(guest)
  const plugin = await host.plug('hello', padded(wasmBytes, 0), action, { keep: 1 })
  let n = 1
  return {
    most: 1,
    async before() {
      await plugin.swap(padded(wasmBytes, n++))
      await setTimeout(readying)
    },
    async run() {
      await plugin.rollback()
      const { greetings } = plugin.hooks.main({ name: 'Mike' })
      if (greetings !== 'Hello, Mike') wrong(greetings)
    },
  }
}

/** As whoever asks for it waits: over HTTP, and written to the disk. */
async function rollbacksByApi(): Promise<Bench> {
  const { client, check } = await startServer()
  const wasmBytes = readFileSync(guest)
  await client.push('hello', padded(wasmBytes, 0))
  let [n, pushed, version] = [1, 0, 0]
  return {
    most: 1,
    async before() {
      ;({ version: pushed } = await client.push('hello', padded(wasmBytes, n++)))
      await setTimeout(readying)
    },
    async run() {
      const back = await client.rollback('hello')
      if (!back.kept || back.version >= pushed) wrong(back)
      ;({ version } = back)
    },
    after: () => check(version),
  }
}
