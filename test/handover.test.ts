import assert from 'node:assert/strict'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, it } from 'node:test'
import { Mortise, type Plugin, type PluginLogLine } from 'mortise'
import { action } from 'mortise/action'
import { contract, u32 } from 'mortise/contract'
import { esm } from 'mortise/esm'
import { http } from 'mortise/http'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { buildText } from './support/guest.ts'
import { rejection } from './support/wat.ts'

interface Counter extends AsyncDisposable {
  /** Counts, and says which version did and how far it is. */
  count(): Promise<string>
  /** Swaps to a version, whose state functions are those of the first one unless others are given. */
  swap(version: string, functions?: string, fresh?: boolean): Promise<unknown>
  readonly plugin: Pick<Plugin<unknown>, 'stats' | 'rollback'>
}

const functions = 'export const dispose = () => ({ count }); export const accept = (state) => { count = state.count }'

/** A module that counts. */
const module = (version: string, more = functions): Uint8Array =>
  Buffer.from(`let count = 0\nexport const main = () => ({ said: '${version} ' + ++count })\n${more}`)

async function inJavaScript(host: Mortise<'esm'> | Mortise<'process'>): Promise<Counter> {
  const plugin = await (host as Mortise<'esm' | 'process'>).plug('counter', module('one'), action, { keep: 1 })
  return {
    plugin,
    count: async () => {
      const { said } = await plugin.hooks.main({})
      return typeof said === 'string' ? said : assert.fail('it said nothing')
    },
    swap: (version, more, fresh = false) => plugin.swap(module(version, more), { fresh }),
    [Symbol.asyncDispose]: () => host.close(),
  }
}

const guestFunctions = `
  export function dispose(): Uint8Array { const state = new Uint8Array(1); state[0] = <u8>count; return state }
  export function accept(state: Uint8Array): void { count = state[0] }`

const guest = (version: string, more = guestFunctions): Promise<Uint8Array> =>
  buildText(
    `import { Request, Response } from 'tenon/http'
     let count: i32 = 0
     export function fetch(request: Request): Response { return Response.text('${version} ' + (++count).toString()) }
     ${more}`,
    { optimize: 'none' },
  )

async function inWasm(): Promise<Counter> {
  const host = new Mortise({ runtimes: [wasm()] })
  const plugin = await host.plug('counter', await guest('one'), http, { keep: 1 })
  const request = { method: 'GET', uri: '/', headers: [], body: new Uint8Array() }
  return {
    plugin,
    count: async () => Buffer.from(plugin.hooks.fetch(request).body).toString(),
    swap: async (version, more, fresh = false) => plugin.swap(await guest(version, more), { fresh }),
    [Symbol.asyncDispose]: () => host.close(),
  }
}

const throwing = { js: "throw new Error('mine')", wasm: "throw new Error('mine')" }

for (const [runtime, language, open] of [
  ['wasm', 'wasm', inWasm],
  ['esm', 'js', () => inJavaScript(new Mortise({ runtimes: [esm()] }))],
  ['process', 'js', () => inJavaScript(new Mortise({ runtimes: [childProcess()] }))],
] as const) {
  const typed = language === 'wasm'
  const dispose = (body: string): string => `export function dispose()${typed ? ': Uint8Array' : ''} { ${body} }`
  const accept = (body: string): string =>
    `export function accept(state${typed ? ': Uint8Array' : ''})${typed ? ': void' : ''} { ${body} }`
  const give = typed ? 'const state = new Uint8Array(1); state[0] = <u8>count; return state' : 'return { count }'
  const take = typed ? 'count = state[0]' : 'count = state.count'

  describe(`a swap on ${runtime}`, () => {
    it('hands over what dispose returns to accept', async () => {
      await using counter = await open()
      assert.deepEqual([await counter.count(), await counter.count()], ['one 1', 'one 2'])
      await counter.swap('two')
      assert.equal(await counter.count(), 'two 3')
      await counter.swap('three')
      assert.equal(await counter.count(), 'three 4')
    })

    it('begins fresh where one of the two functions is missing, or it is told to', async () => {
      await using counter = await open()
      await counter.count()
      await counter.swap('two', accept(take))
      assert.equal(await counter.count(), 'two 2')
      await counter.swap('three', dispose(give))
      assert.equal(await counter.count(), 'three 1')
      await counter.swap('four', '')
      assert.equal(await counter.count(), 'four 1')
      await counter.swap('five')
      assert.equal(await counter.count(), 'five 1')
      await counter.swap('six', undefined, true)
      assert.equal(await counter.count(), 'six 1')
    })

    it('begins fresh when it is rolled back', async () => {
      await using counter = await open()
      await counter.count()
      await counter.swap('two')
      assert.equal(await counter.count(), 'two 2')
      await counter.plugin.rollback()
      assert.equal(await counter.count(), 'one 1')
    })

    it('changes nothing where accept fails, and the version before has its state again', async () => {
      await using counter = await open()
      await counter.count()
      const error = await rejection(
        'HANDOVER_FAILED',
        counter.swap('two', `${dispose(give)}\n${accept(throwing[language])}`),
      )
      assert.match(error.message, /'accept' failed: .*mine.* What was live is live and has its state again$/s)
      assert.equal(await counter.count(), 'one 2')
      assert.equal(counter.plugin.stats().swaps, 0)
    })

    it('changes nothing where dispose fails', async () => {
      await using counter = await open()
      await counter.swap('two', dispose(throwing[language]), true)
      await counter.count()
      const error = await rejection('HANDOVER_FAILED', counter.swap('three'))
      assert.match(error.message, /'dispose' of the version before failed: .*mine/s)
      assert.match(await counter.count(), typed ? /^two 1$/ : /^two 2$/)
    })
  })
}

describe('a state that is handed over', () => {
  it('is a copy, of whatever a structured clone can be made of', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug(
      'one',
      Buffer.from(`const seen = new Map([[1n, new Set(['a'])]]); seen.set('self', seen)
        export const dispose = async () => seen
        export const main = () => ({})`),
      action,
    )
    await plugin.swap(
      Buffer.from(`let seen
        export const accept = async (state) => { await 1; seen = state }
        export const main = () => ({ same: seen.get('self') === seen, has: [...seen.get(1n)] })`),
    )
    assert.deepEqual(await plugin.hooks.main({}), { same: true, has: ['a'] })
  })

  for (const [what, expression] of Object.entries({
    functions: '() => 1',
    'more than 16 MiB': 'new Uint8Array(2 ** 24)',
  })) {
    it(`cannot be ${what}`, async () => {
      await using host = new Mortise({ runtimes: [esm()] })
      const source = (state: string): Uint8Array =>
        Buffer.from(
          `export const dispose = () => (${state}); export const accept = () => {}; export const main = () => ({})`,
        )
      const plugin = await host.plug('one', source(expression), action)
      await rejection('HANDOVER_FAILED', plugin.swap(source('1')))
    })
  }

  it('does not go from one runtime to another', async () => {
    await using host = new Mortise({ runtimes: [esm(), wasm()] })
    const plugin = await host.plug(
      'site',
      module('one', `export default { fetch: () => new Response('esm') }\n${functions}`),
      http,
    )
    const next = await guest('two')
    const error = await rejection('HANDOVER_FAILED', plugin.swap(next))
    assert.match(error.message, /of the runtime 'esm', and 'wasm' cannot read that.*fresh: true/)
    await plugin.swap(next, { fresh: true })
    assert.equal(plugin.runtime, 'wasm')
  })

  it('is none of functions of a default export', async () => {
    for (const runtime of [esm(), childProcess()]) {
      await using host = new Mortise({ runtimes: [runtime] })
      const source = (version: string): Uint8Array =>
        Buffer.from(`let count = 0
          export default {
            fetch: () => new Response('${version} ' + ++count),
            dispose: () => count,
            accept: (state) => { count = state },
          }`)
      const plugin = await host.plug('site', source('one'), http)
      const request = { method: 'GET', uri: '/', headers: [], body: new Uint8Array() }
      await plugin.hooks.fetch(request)
      await plugin.swap(source('two'))
      assert.equal(Buffer.from((await plugin.hooks.fetch(request)).body).toString(), 'two 1')
    }
  })

  it('is none where a contract has hooks of these names', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const own = contract('own', { accept: { params: { n: u32 }, result: u32 } })
    const source = Buffer.from('export const accept = ({ n }) => n; export const dispose = () => 7')
    const plugin = await host.plug('one', source, own)
    await plugin.swap(source)
    assert.equal(plugin.hooks.accept({ n: 2 }), 2)
  })

  it('is asked of an ES module once, and not again when it is closed', async () => {
    const lines: string[] = []
    await using host = new Mortise({ runtimes: [esm()] })
    const heard = (message: unknown): void => void lines.push(String(message))
    subscribe('disposed', heard)
    const source = (name: string): Uint8Array =>
      Buffer.from(`import { channel } from 'node:diagnostics_channel'
        export const main = () => ({})
        export const accept = (state) => {}
        export const dispose = () => { channel('disposed').publish('${name}') }`)
    const plugin = await host.plug('one', source('a'), action)
    await plugin.swap(source('b'))
    await plugin.unplug()
    unsubscribe('disposed', heard)
    assert.deepEqual(lines, ['a', 'b'])
  })

  it('is one JSON value, whatever a program answers', async () => {
    await using host = new Mortise({ runtimes: [childProcess({ ack: true })] })
    const program = Buffer.from(`#!${process.execPath}
const { createInterface } = require('node:readline')
const { writeSync } = require('node:fs')
writeSync(3, '{"ok":true,"mortise":1,"exports":{"main":"function","dispose":"function","accept":"function"}}\\n')
createInterface({ input: process.stdin }).on('line', () => writeSync(3, '1},"hook":{"x":1\\n'))
`)
    const plugin = await host.plug('one', program, action)
    const { message } = await rejection('HANDOVER_FAILED', plugin.swap(program))
    assert.match(message, /'dispose' of the version before failed: .*not JSON/)
  })

  it('is a JSON value for a program that says that it exports the two', async () => {
    const lines: PluginLogLine[] = []
    await using host = new Mortise({ runtimes: [childProcess({ ack: true })], log: (line) => lines.push(line) })
    const program = (version: string): Uint8Array =>
      Buffer.from(`#!${process.execPath}
const { createInterface } = require('node:readline')
const { writeSync } = require('node:fs')
const say = (value) => writeSync(3, JSON.stringify(value) + '\\n')
say({ ok: true, mortise: 1, exports: { main: 'function', dispose: 'function', accept: 'function' } })
let count = 0
createInterface({ input: process.stdin }).on('line', (line) => {
  const { hook, value } = JSON.parse(line)
  if (hook === 'dispose') say(count)
  else if (hook === 'accept') { count = value; say(null) }
  else say({ said: '${version} ' + ++count })
})
`)
    const plugin = await host.plug('one', program('one'), action)
    await plugin.hooks.main({})
    await plugin.swap(program('two'))
    assert.deepEqual(await plugin.hooks.main({}), { said: 'two 2' })
  })
})

describe('calls while a state is handed over', () => {
  /** A module whose calls wait for \`go\` where they are told to, and whose accept waits for \`take\`. */
  const waiting = (version: string): Uint8Array =>
    Buffer.from(`import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
      let count = 0
      const heard = (name) => new Promise((resolve) => {
        const hear = () => { unsubscribe(name, hear); resolve() }
        subscribe(name, hear)
        channel('says').publish('${version} waits for ' + name)
      })
      export const main = async ({ wait }) => {
        if (wait) await heard('go')
        return { said: '${version} ' + ++count }
      }
      export const dispose = () => count
      export const accept = async (state) => { await heard('take'); count = state }`)

  const says = (what: string): Promise<void> =>
    new Promise((resolve) => {
      const hear = (message: unknown): void => {
        if (message !== what) return
        unsubscribe('says', hear)
        resolve()
      }
      subscribe('says', hear)
    })

  it('end on the version that they began on, or wait for the next one', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const plugin = await host.plug('one', waiting('one'), action)
    const begun = says('one waits for go')
    const first = plugin.hooks.main({ wait: true })
    await begun
    const swapped = plugin.swap(waiting('two'))
    const taking = says('two waits for take')
    // The swap has loaded by then, and waits for the first call.
    let next: Promise<unknown> | undefined
    const held = new Promise<void>((resolve) => {
      const look = (): void => {
        const before = plugin.stats().calls
        next = plugin.hooks.main({})
        if (plugin.stats().calls > before) setImmediate(look)
        else resolve()
      }
      look()
    })
    await held
    channel('go').publish(undefined)
    const { said } = await first
    await taking
    const more = plugin.hooks.main({})
    channel('take').publish(undefined)
    await swapped
    const count = Number(typeof said === 'string' && said.slice('one '.length))
    assert.equal(said, `one ${count}`)
    assert.deepEqual([await next, await more], [{ said: `two ${count + 1}` }, { said: `two ${count + 2}` }])
  })
})

describe('more calls than may wait while a state is handed over', () => {
  it('are refused, and the others go on', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const taking = Promise.withResolvers<void>()
    const taken = Promise.withResolvers<void>()
    Reflect.set(globalThis, 'mortiseTaking', () => {
      taking.resolve()
      return taken.promise
    })
    const source = (accept: string): Uint8Array =>
      Buffer.from(`export const main = () => ({}); export const dispose = () => 1; export const accept = ${accept}`)
    const plugin = await host.plug('one', source('() => {}'), action)
    const swapped = plugin.swap(source('() => globalThis.mortiseTaking()'))
    await taking.promise
    const held = Array.from({ length: 10_000 }, () => plugin.hooks.main({}))
    await rejection('QUEUE_FULL', plugin.hooks.main({}))
    taken.resolve()
    await swapped
    assert.deepEqual([...new Set((await Promise.all(held)).map((answer) => JSON.stringify(answer)))], ['{}'])
  })
})

describe('calls with a deadline of their own while a state is handed over', () => {
  it('have it on the next version', async () => {
    await using host = new Mortise({ runtimes: [childProcess()] })
    const before = Buffer.from('export const main = () => ({}); export const dispose = () => 1')
    const after = Buffer.from(`export const main = () => new Promise(() => {})
      export const accept = () => new Promise((resolve) => setTimeout(resolve, 300))`)
    const plugin = await host.plug('one', before, action)
    const { digest } = plugin
    const within = plugin.within('50 ms')
    const swapped = plugin.swap(after)
    let asked = digest
    const error = await rejection(
      'DEADLINE',
      (async () => {
        // The first that waits is the last.
        for (;;) {
          asked = plugin.digest
          await within.main({})
        }
      })(),
    )
    assert.equal(asked, digest)
    assert.match(error.message, /longer than 50 ms/)
    await swapped
  })
})

describe('a state that does not arrive', { concurrency: true }, () => {
  const never = '() => new Promise(() => {})'
  const source = (parts: Readonly<Record<string, string>>): Uint8Array =>
    Buffer.from(
      Object.entries({ main: '() => ({ said: 1 })', dispose: '() => 1', accept: '() => {}', ...parts })
        .map(([name, value]) => `export const ${name} = ${value}`)
        .join('\n'),
    )
  for (const [what, before, after] of [
    ['since a call does not end', { main: `async ({ wait }) => wait ? (${never})() : { said: 1 }` }, {}],
    [
      'since dispose does not end',
      { dispose: `(() => { let asked = 0; return () => asked++ === 0 ? (${never})() : 1 })()` },
      {},
    ],
    ['since accept does not end', {}, { accept: never }],
  ] as const) {
    it(`${what} is given up after five seconds, and calls go on`, async () => {
      await using host = new Mortise({ runtimes: [esm()] })
      const plugin = await host.plug('one', source(before), action, { drain: 1 })
      const { digest } = plugin
      const lasting = plugin.hooks.main({ wait: true }).catch(() => {})
      const swapped = rejection('HANDOVER_FAILED', plugin.swap(source({ ...after, other: '1' })))
      const during = plugin.hooks.main({})
      assert.match((await swapped).message, /within 5 s\. What was live is live/)
      assert.deepEqual([await during, await plugin.hooks.main({}), plugin.digest], [{ said: 1 }, { said: 1 }, digest])
      // Ends what does not end by itself.
      await plugin.swap(source({}), { fresh: true })
      await lasting
    })
  }
})
