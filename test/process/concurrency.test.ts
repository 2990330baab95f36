import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise, MortiseError, type PluginLogLine } from 'mortise'
import { action } from 'mortise/action'
import { activation } from 'mortise/activation'
import { childProcess, type ProcessOptions } from 'mortise/process'
import { fails, plugProcess, raw } from '../support/process.ts'

const module = (text: string): Uint8Array => Buffer.from(text)

/** A program that says that its lines have numbers: `each(number, value)` runs for every line, `say(number, line)` answers. */
const numbered = (text: string): Uint8Array =>
  raw(`
    let read = 0
    const number = (n, value) => say(n + ' ' + (typeof value === 'string' ? value : JSON.stringify(value)))
    const each = (run) => lines((line) => run(++read, JSON.parse(line).value))
    say({ ok: true, mortise: 1, numbers: true })
    ${text}`)

const many = { concurrency: 100, ack: true } as const

describe('a process that works on several calls at once', () => {
  const waiting = `
    let count = 0
    const all = Promise.withResolvers()
    export async function main({ id, of }) {
      if (++count === of) all.resolve()
      await all.promise
      return { id }
    }`

  it('finishes 100 that wait for one another', async () => {
    await using guest = await plugProcess(module(waiting), { concurrency: 100 })
    const answers = await Promise.all(Array.from({ length: 100 }, (_, id) => guest.main({ id, of: 100 })))
    assert.deepEqual(
      answers,
      Array.from({ length: 100 }, (_, id) => ({ id })),
    )
  })

  it('has as many as its plugin may have, and the others wait', async () => {
    await using host = new Mortise({ runtimes: [childProcess({ concurrency: 100 })] })
    const counting = module(`
      let running = 0, most = 0
      export async function main() {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 20))
        running--
        return { most }
      }`)
    const plugin = await host.plug('guest', counting, action, { limits: { concurrency: 3 } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => plugin.hooks.main({})))
    assert.equal(Math.max(...answers.map(({ most }) => Number(most))), 3)
  })

  it('may answer in any order', async (context) => {
    const seed = fc.sample(fc.nat(), 1)[0] ?? 0
    context.diagnostic(`seed ${seed}`)
    const shuffling = numbered(`
      let random = Number(process.env.SEED)
      const next = (n) => (random = (random * 1103515245 + 12345) % 2147483648) % n
      const open = []
      const answer = () => {
        for (let left = next(5); left > 0 && open.length > 0; left--) number(...open.splice(next(open.length), 1)[0])
        if (open.length > 0) setImmediate(answer)
      }
      each((n, value) => {
        open.push([n, value])
        if (open.length === 1) setImmediate(answer)
      })`)
    await using guest = await plugProcess(shuffling, { ...many, env: { SEED: String(seed) }, queue: 3000 })
    await Promise.all(Array.from({ length: 3000 }, async (_, id) => assert.deepEqual(await guest.main({ id }), { id })))
    assert.equal(guest.events.length, 1)
  })

  it('is none where the program did not say that its lines have numbers', async () => {
    const counting = raw(`
      let open = 0
      say({ ok: true, mortise: 1 })
      lines(() => { open++; setTimeout(() => { say({ open }); open-- }, 5) })`)
    await using guest = await plugProcess(counting, many)
    const answers = await Promise.all(Array.from({ length: 5 }, () => guest.main({})))
    assert.deepEqual(
      answers.map(({ open }) => open),
      [1, 1, 1, 1, 1],
    )
  })

  it('is ended by the first that overruns, and all of its calls with it', async () => {
    const source = module(`export const main = ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms, { ms }))`)
    await using guest = await plugProcess(source, { concurrency: 10, deadline: 3000 })
    const quick = guest.main({ ms: 10 })
    const late = fails('DEADLINE', guest.main({ ms: 60_000 }))
    assert.deepEqual(await quick, { ms: 10 })
    assert.deepEqual(await guest.main({ ms: 1000 }), { ms: 1000 })
    // Each has a deadline of its own: a third of this one is left when the other is over.
    const innocent = fails('PROCESS_ENDED', guest.main({ ms: 60_000 }))
    await late
    assert.match((await innocent).message, /same process as another call, which failed.*longer than 3000 ms/)
    assert.deepEqual(await guest.main({ ms: 1 }), { ms: 1 })
    assert.equal(guest.plugin.stats().restores, 1)
  })

  it('and crashes takes down all of them, and no other', async () => {
    const source = module(`
      export async function main({ id, crash }) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        if (crash) process.exit(9)
        return { id }
      }`)
    await using guest = await plugProcess(source, { concurrency: 5 })
    const first = Array.from({ length: 5 }, (_, id) => fails('PROCESS_ENDED', guest.main({ id, crash: true })))
    const others = Array.from({ length: 5 }, (_, id) => guest.main({ id }))
    for (const { details } of await Promise.all(first)) assert.equal(details.exitCode, 9)
    assert.deepEqual(
      await Promise.all(others),
      Array.from({ length: 5 }, (_, id) => ({ id })),
    )
  })

  it('loses no answer that it gave before it ended', async () => {
    const source = module(`export function main({ id }) { if (id === 3) process.exit(9); return { id } }`)
    await using guest = await plugProcess(source, { concurrency: 4 })
    const calls = Array.from({ length: 4 }, (_, id) => guest.main({ id }))
    assert.deepEqual(await Promise.all(calls.slice(0, 3)), [{ id: 0 }, { id: 1 }, { id: 2 }])
    await fails('PROCESS_ENDED', calls[3] ?? Promise.resolve())
  })

  const broken: Readonly<Record<string, string>> = {
    'a line without a number': 'each(() => say({}))',
    'a number that no call has': "each(() => number(7, '{}'))",
    'two answers to a call': "each((n) => { number(n, '{}'); number(n, '{}') })",
    'a number that is none': "each(() => say('1e3 {}'))",
    'what is not UTF-8': 'each(() => writeSync(3, Buffer.from([0x31, 0x20, 0xff, 0x0a])))',
  }
  for (const [what, text] of Object.entries(broken)) {
    it(`and writes ${what} is ended`, async () => {
      await using guest = await plugProcess(numbered(text), many)
      const [call] = await Promise.allSettled([guest.main({})])
      if (call.status === 'fulfilled') assert.deepEqual(call.value, {})
      else assert(MortiseError.is(call.reason, 'PROCESS_PROTOCOL'), String(call.reason))
      await guest.happened('ended')
    })
  }

  it('throws for one call alone', async () => {
    await using guest = await plugProcess(
      numbered(`each((n, { id }) => number(n, id % 2 ? '!{"message":"odd"}' : { id }))`),
      many,
    )
    const calls = Array.from({ length: 10 }, async (_, id) => {
      if (id % 2 === 0) assert.deepEqual(await guest.main({ id }), { id })
      else assert.equal((await fails('GUEST_THREW', guest.main({ id }))).details.guest?.message, 'odd')
    })
    await Promise.all(calls)
  })
})

describe('what calls that run at once print', () => {
  const talking = module(`
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    export async function main({ id, lines }, { log }) {
      for (let n = 0; n < lines; n++) {
        console.log(id, 'out', n)
        await turn()
        console.error(id, 'err', n)
        process.stdout.write(id + ' pie')
        await turn()
        process.stdout.write('ces ' + n + '\\n')
        log.warn(id + ' log ' + n)
      }
      process.stdout.write(Buffer.from(id + ' é').subarray(0, -1))
      await turn()
      process.stdout.write(Buffer.from('é').subarray(-1))
      return { id }
    }`)

  it('is known to be theirs, line by line, and logged in their context', async () => {
    await using watched = await watch(talking, { concurrency: 20 })
    await Promise.all(Array.from({ length: 20 }, (_, id) => watched.call(id, { id, lines: 10 })))
    const { logs } = watched
    assert.equal(logs.length, 20 * 41)
    for (let id = 0; id < 20; id++) {
      const own = logs.filter(({ context }) => context === id)
      assert.equal(new Set(own.map(({ call }) => call)).size, 1)
      assert.deepEqual(
        own.map(({ source, text }) => `${source} ${text}`),
        [
          ...Array.from({ length: 10 }, (_, n) => [
            `stdout ${id} out ${n}`,
            `stderr ${id} err ${n}`,
            `stdout ${id} pieces ${n}`,
            `log ${id} log ${n}`,
          ]).flat(),
          `stdout ${id} é`,
        ],
      )
    }
  })

  it('is counted by call', async () => {
    await using guest = await plugProcess(talking, { concurrency: 20, output: 2000 })
    await Promise.all(Array.from({ length: 20 }, (_, id) => guest.main({ id, lines: 10 })))
    const [one, ...others] = [guest.main({ id: 1, lines: 1000 }), guest.main({ id: 2, lines: 10 })]
    await fails('OUTPUT_LIMIT', one ?? Promise.resolve())
    await Promise.allSettled(others)
    await guest.main({ id: 1, lines: 1 })
  })

  it('is of no call where nobody can know', async () => {
    const source = module(`
      import { writeSync } from 'node:fs'
      export async function main({ id }) {
        writeSync(1, 'raw\\n')
        await new Promise((resolve) => setTimeout(resolve, 20))
        return { id }
      }`)
    await using watched = await watch(source, { concurrency: 5 })
    await Promise.all(Array.from({ length: 5 }, (_, id) => watched.call(id, { id })))
    assert.deepEqual(
      watched.logs.map(({ context, text }) => [context, text]),
      Array.from({ length: 5 }, () => [undefined, 'raw']),
    )
  })
})

describe('a line of a process is logged', () => {
  it('in the context of its call, one call at a time', async () => {
    const source = raw(`lines((line) => { console.log(JSON.parse(line).value.id); say({}) })`)
    await using watched = await watch(source)
    await Promise.all(Array.from({ length: 50 }, (_, id) => watched.call(id, { id })))
    assert.deepEqual(
      watched.logs.map(({ context, text }) => [context, text]),
      Array.from({ length: 50 }, (_, id) => [id, String(id)]),
    )
  })

  for (const concurrency of [1, 10]) {
    it(`in that of the call that has ended, never of the next one, with ${concurrency} at once`, async () => {
      const source = module(`
        export async function main({ id }) {
          setTimeout(() => {
            console.log('late', id)
            setTimeout(() => process.stdout.write('later ' + id), 5)
          }, 5)
          await new Promise((resolve) => setTimeout(resolve, 3))
          return { id }
        }`)
      await using watched = await watch(source, { concurrency })
      for (let id = 0; id < 10; id++) await watched.call(id, { id })
      while (watched.logs.length < 20) await watched.written()
      const sorted = watched.logs.toSorted((a, b) => Number(a.context) - Number(b.context))
      assert.deepEqual(
        sorted.map(({ context, text }) => [context, text]),
        Array.from({ length: 10 }, (_, id) => [
          [id, `late ${id}`],
          [id, `later ${id}`],
        ]).flat(),
      )
      assert.equal(new Set(sorted.map(({ call }) => call)).size, 10)
    })
  }

  it('that a program prints after its answer is that of the call that has ended', async () => {
    const source = raw(`lines((line) => { say({}); setTimeout(() => console.log(JSON.parse(line).value.id), 5) })`)
    await using watched = await watch(source)
    for (let id = 0; id < 3; id++) {
      await watched.call(id, { id })
      while (watched.logs.length <= id) await watched.written()
    }
    assert.deepEqual(
      watched.logs.map(({ context, text }) => [context, text]),
      [
        [0, '0'],
        [1, '1'],
        [2, '2'],
      ],
    )
  })

  it('whole, where the process ends before the line does', async () => {
    const source = module(`export function main() { process.stdout.write('no end'); process.exit(1) }`)
    await using guest = await plugProcess(source)
    await fails('PROCESS_ENDED', guest.main({}))
    assert.deepEqual(
      guest.logs.map(({ text }) => text),
      ['no end'],
    )
  })
})

describe('what a request says beside its parameters', () => {
  const reading = module(`
    let arrived = 0
    const all = Promise.withResolvers()
    export async function main({ of = 1 }, { activation, config }) {
      if (++arrived >= of) all.resolve()
      await all.promise
      const { __OW_ID = 'none', __OW_HOST = 'none' } = process.env
      return { environment: [__OW_ID, __OW_HOST], context: activation.id, config: [config.__OW_ID, config.__OW_HOST] }
    }`)

  it('is in the environment for one call, and what was there before is back for the next one', async () => {
    await using host = new Mortise({ runtimes: [childProcess()] })
    const { hooks } = await host.plug('guest', reading, activation, { config: { __OW_HOST: 'https://h/?a=b=c' } })
    const ask = async (more: object): Promise<unknown> => JSON.parse(await hooks.main(JSON.stringify(more)))
    const none = { environment: ['none', 'https://h/?a=b=c'], config: [null, 'https://h/?a=b=c'] }
    assert.deepEqual(await ask({ id: '1', host: 'other' }), {
      environment: ['1', 'other'],
      context: '1',
      config: ['1', 'other'],
    })
    assert.deepEqual(await ask({}), none)
    assert.deepEqual(await ask({ id: '=' }), {
      environment: ['=', 'https://h/?a=b=c'],
      context: '=',
      config: ['=', 'https://h/?a=b=c'],
    })
    assert.deepEqual(await ask({}), none)
  })

  it('is in the environment of each call where calls overlap, and of nothing else', async () => {
    await using host = new Mortise({ runtimes: [childProcess({ concurrency: 10 })] })
    const { hooks } = await host.plug('guest', reading, activation)
    const ask = async (id: number): Promise<unknown> =>
      JSON.parse(await hooks.main(JSON.stringify({ value: { of: 10 }, id: String(id) })))
    for (const [id, answer] of (await Promise.all(Array.from({ length: 10 }, (_, call) => ask(call)))).entries()) {
      const own = String(id)
      assert.deepEqual(answer, { environment: [own, 'none'], context: own, config: [own, null] })
    }
  })
})

describe('a call of a process', () => {
  it('may have a deadline of its own', async () => {
    await using guest = await watch(
      module(`export const main = ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms, { ms }))`),
      { concurrency: 10, deadline: '1 min' },
    )
    const long = guest.plugin.within('40 s').main({ ms: 60_000 })
    const short = guest.plugin.within(100).main({ ms: 60_000 })
    const error = await fails('DEADLINE', short)
    assert.equal(error.details.limit, 100)
    await fails('PROCESS_ENDED', long)
    assert.deepEqual(await guest.plugin.within('30 s').main({ ms: 150 }), { ms: 150 })
  })

  it('is in an environment that each call can list, change for all, and give to others', async () => {
    const looking = module(`
      import { execFileSync } from 'node:child_process'
      import { env } from 'node:process'
      export async function main({ set }) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (set !== undefined) env.SET = set
        return {
          keys: Object.keys(process.env).toSorted(),
          has: ['__OW_ID' in process.env, Object.hasOwn(env, '__OW_ID'), '__OW_HOST' in env],
          given: execFileSync('/bin/sh', ['-c', 'printf %s "$__OW_ID $OWN $SET"']).toString(),
          spread: { ...env }.__OW_ID,
        }
      }`)
    await using host = new Mortise({ runtimes: [childProcess({ concurrency: 10 })] })
    const { hooks } = await host.plug('guest', looking, activation, { config: { OWN: 'own' } })
    const ask = async (request: object): Promise<unknown> => JSON.parse(await hooks.main(JSON.stringify(request)))
    assert.deepEqual(await Promise.all([ask({ id: '1' }), ask({ id: '2' })]), [
      { keys: ['OWN', '__OW_ID'], has: [true, true, false], given: '1 own ', spread: '1' },
      { keys: ['OWN', '__OW_ID'], has: [true, true, false], given: '2 own ', spread: '2' },
    ])
    assert.deepEqual(await ask({ value: { set: 'all' } }), {
      keys: ['OWN', 'SET'],
      has: [false, false, false],
      given: ' own all',
    })
  })
})

interface ContextLine extends PluginLogLine {
  readonly context: number | undefined
}

/** Plugs a program into a host whose log says in which context it was called. */
async function watch(source: Uint8Array, options: ProcessOptions = {}) {
  const context = new AsyncLocalStorage<number>()
  const logs: ContextLine[] = []
  let written = Promise.withResolvers<void>()
  const log = (line: PluginLogLine): void => {
    logs.push({ ...line, context: context.getStore() })
    written.resolve()
    written = Promise.withResolvers()
  }
  const host = new Mortise({ runtimes: [childProcess(options)], log })
  const plugin = await host.plug('guest', source, action)
  return {
    logs,
    plugin,
    call: (id: number, event: { readonly [key: string]: number }) => context.run(id, () => plugin.hooks.main(event)),
    written: () => written.promise,
    [Symbol.asyncDispose]: () => host.close(),
  }
}
