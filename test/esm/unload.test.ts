import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Mortise, MortiseError, type PluginLogLine } from 'mortise'
import { action } from 'mortise/action'
import { esm } from 'mortise/esm'
import { rejection } from '../support/wat.ts'
import { adder } from './contract.ts'

const run = promisify(execFile)
const source = (text: string): Uint8Array => Buffer.from(text)

/** A place where guests tell what happens to them. */
function told(): { readonly events: string[]; readonly tell: string } {
  const events: string[] = []
  const name = `mortiseTold${Math.random()}`
  Reflect.set(globalThis, name, events)
  return { events, tell: `const tell = (what) => globalThis['${name}'].push(what)` }
}

describe('what a module exports as dispose', () => {
  it('is called once, after the last call of its version has ended, and awaited', async () => {
    const { events, tell } = told()
    const text = (version: number): Uint8Array =>
      source(`${tell}
        export async function main({ wait }) {
          if (wait) await new Promise((resolve) => { globalThis.mortiseGo = resolve })
          tell('answers ${version}')
          return { version: ${version} }
        }
        export async function dispose() {
          await new Promise((resolve) => setImmediate(resolve))
          tell('disposed ${version}')
        }`)
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug('guest', text(1), action)
    const late = plugin.hooks.main({ wait: true })
    await plugin.swap(text(2))
    assert.deepEqual(await plugin.hooks.main({}), { version: 2 })
    assert.deepEqual(events, ['answers 2'])
    const go: unknown = Reflect.get(globalThis, 'mortiseGo')
    assert(typeof go === 'function')
    Reflect.apply(go, undefined, [])
    assert.deepEqual(await late, { version: 1 })
    while (events.length < 3) await setImmediate()
    assert.deepEqual(events, ['answers 2', 'answers 1', 'disposed 1'])
    await plugin.unplug()
    assert.deepEqual(events.slice(3), ['disposed 2'])
    await plugin.unplug()
    assert.equal(events.length, 4)
  })

  it('ends a timer, and so lets the process end', async () => {
    const script = `
      import { Mortise } from 'mortise'
      import { action } from 'mortise/action'
      import { esm } from 'mortise/esm'
      const host = new Mortise({ runtimes: [esm()] })
      const source = 'const timer = setInterval(() => {}, 1e6); export const main = (event) => event; export const dispose = () => clearInterval(timer)'
      const plugin = await host.plug('guest', Buffer.from(source), action)
      await plugin.swap(Buffer.from(source))
      await host.close()
      console.log('closed')`
    const args = ['-C', 'source', '--input-type=module', '--eval', script]
    const { stdout } = await run(process.execPath, args, { timeout: 60_000 })
    assert.equal(stdout.trim(), 'closed')
  })

  it('is called on a synchronous contract too, and on an artifact that was refused after it was loaded', async () => {
    const { events, tell } = told()
    await using host = new Mortise({ runtimes: [esm()] })
    const end = "export const dispose = () => { tell('disposed') }"
    const plugin = await host.plug('adder', source(`${tell}\nexport const add = (a, b) => a + b\n${end}`), adder)
    await rejection('MODULE_REFUSED', plugin.swap(source(`${tell}\nexport const subtract = 1\n${end}`)))
    assert.deepEqual(events, ['disposed'])
    assert.equal(plugin.hooks.add(1, 2), 3)
    await plugin.unplug()
    assert.deepEqual(events, ['disposed', 'disposed'])
  })

  it('may fail: it is counted and logged, and nothing else comes of it', async () => {
    const lines: PluginLogLine[] = []
    const host = new Mortise({ runtimes: [esm()], log: (line) => lines.push(line) })
    const text = "export const main = (event) => event; export const dispose = () => { throw new Error('stuck') }"
    const plugin = await host.plug('guest', source(text), action)
    await plugin.unplug()
    assert.deepEqual(
      lines.map(({ level, plugin: name }) => [level, name]),
      [['error', 'guest']],
    )
    assert.match(lines[0]?.text ?? '', /'dispose' of plugin 'guest': stuck/)
    assert.equal(plugin.stats().errors, 1)
    assert(MortiseError.is(plugin.stats().lastError, 'GUEST_THREW'))
  })

  it('is waited for no longer than five seconds', async (context) => {
    await using host = new Mortise({ runtimes: [esm()] })
    const text = 'export const main = (event) => event; export const dispose = () => new Promise(() => {})'
    const plugin = await host.plug('guest', source(text), action)
    context.mock.timers.enable({ apis: ['setTimeout'] })
    const gone = plugin.unplug()
    await ticked(gone, (milliseconds) => context.mock.timers.tick(milliseconds), 5_000)
    assert.match(plugin.stats().lastError?.message ?? '', /within 5 s/)
  })
})

describe('a module that awaits what never comes', () => {
  it('is refused after a minute', async (context) => {
    await using host = new Mortise({ runtimes: [esm()] })
    await host.plug('first', source('export const main = (event) => event'), action)
    context.mock.timers.enable({ apis: ['setTimeout'] })
    const plugging = host.plug('guest', source('await new Promise(() => {}); export const main = () => ({})'), action)
    const refused = rejection('MODULE_REFUSED', plugging)
    await ticked(refused, (milliseconds) => context.mock.timers.tick(milliseconds), 60_000)
    assert.match((await refused).message, /within 60 s/)
    assert.deepEqual([...host.plugins.keys()], ['first'])
  })
})

/** Lets mocked time pass until a promise has settled: a little before the limit it has not, and after it has. */
async function ticked(promise: Promise<unknown>, tick: (milliseconds: number) => void, limit: number): Promise<void> {
  const state = { settled: false }
  const settled = promise.then(() => {
    state.settled = true
  })
  // The timer is there once what comes before it, on other threads too, is done.
  for (let turn = 0; turn < 200; turn++) await setImmediate()
  tick(limit - 1)
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  assert(!state.settled)
  while (!state.settled) {
    tick(limit)
    await setImmediate()
  }
  await settled
}
