import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Mortise, type Plugin } from 'mortise'
import { action, type ActionHooks } from 'mortise/action'
import { wasm } from 'mortise/wasm'
import { buildText } from '../support/guest.ts'
import { mostUnlike, type Outcome, type Proof } from './proof.ts'

const source = `
import { fail, log } from 'tenon/action'
@json class Event { name: string = '' }
@json class Greeting { greetings: string = '' }
export function main(event: Event): Greeting {
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + event.name
  return greeting
}`

const most = 1_000
const rounds = 3

export const many: Proof = {
  name: 'many',
  about: `10,000 plugins with at most ${most.toLocaleString('en')} instances, called in turns: all answer, and memory stays flat`,
  async run({ share, progress }): Promise<Outcome> {
    const plugins = Math.ceil(10_000 * share)
    const bytes = await buildText(source)
    const unlike: string[] = []
    const notes: string[] = []
    for (const [index, same] of [true, false].entries()) {
      await using host = new Mortise({
        runtimes: [wasm({ start: 'first call', instances: most, deadline: '20 s', idle: '30 s' })],
      })
      const all: Plugin<ActionHooks>[] = []
      const before = await resident()
      const start = performance.now()
      for (let number = 0; number < plugins; number++) {
        // A custom section makes a module of its own.
        const own = [0, 6, 1, 0x6e, ...[24, 16, 8, 0].map((bits) => (number >> bits) & 255)]
        all.push(await host.plug(`p${number}`, same ? bytes : Uint8Array.from([...bytes, ...own]), action))
        progress(index * plugins + number + 1, 2 * plugins)
      }
      const plug = (performance.now() - start) / plugins
      const idle = (await resident()) - before
      const sizes: number[] = []
      const calls: number[] = []
      for (let round = 0; round < rounds; round++) {
        const began = performance.now()
        for (const plugin of all) {
          const name = `${plugin.name} ${round}`
          const { greetings } = plugin.hooks.main({ name })
          if (greetings !== `Hello, ${name}` && unlike.length < mostUnlike)
            unlike.push(`${name} answered ${JSON.stringify(greetings)}`)
        }
        calls.push((performance.now() - began) / plugins)
        const live = all.reduce((sum, plugin) => sum + plugin.stats().instances, 0)
        if (live > most) unlike.push(`${live} instances are live`)
        sizes.push(await resident())
      }
      const [first = 0, last = 0] = [sizes[0], sizes.at(-1)]
      if (share === 1 && last - first > 64 * 2 ** 20)
        unlike.push(`resident memory grew from ${inMiB(first)} to ${inMiB(last)} over ${rounds} rounds`)
      const best = Math.min(...calls)
      notes.push(
        `${same ? 'one module' : 'a module each'}: ${(plug * 1000).toFixed(0)} µs and ${(idle / plugins / 1024).toFixed(1)} KiB a plugin, ${(best * 1000).toFixed(0)} µs a first call, resident memory ${inMiB(first)}, then ${inMiB(last)}`,
      )
    }
    return { count: 2 * plugins, of: 'plugins', unlike, note: notes.join('; ') }
  },
}

const inMiB = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

async function resident(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  for (let turn = 0; turn < 2; turn++) {
    if (typeof collect === 'function') Reflect.apply(collect, undefined, [])
    await new Promise(setImmediate)
  }
  return process.memoryUsage.rss()
}
