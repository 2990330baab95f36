import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise, MortiseError, type PluginLogLine } from 'mortise'
import { action, type JsonObject } from 'mortise/action'
import { esm } from 'mortise/esm'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { buildText, inFolder } from '../support/guest.ts'
import { actionWat, rejection, stringData, wat } from '../support/wat.ts'
import { type ActionRuntime, testAction } from './action.ts'

const onWasm = {
  kind: 'wasm',
  restores: true,
  host: (log: (line: PluginLogLine) => void = () => {}) => new Mortise({ runtimes: [wasm({ deadline: '20 s' })], log }),
} as const

const onEsm = {
  kind: 'esm',
  restores: false,
  crash: 'GUEST_THREW',
  host: (log: (line: PluginLogLine) => void = () => {}) => new Mortise({ runtimes: [esm()], log }),
} as const

const onProcess = {
  kind: 'process',
  restores: false,
  crash: 'GUEST_THREW',
  host: (log: (line: PluginLogLine) => void = () => {}) => new Mortise({ runtimes: [childProcess()], log }),
} as const

const answering = await buildText(`
  @json class Wanted { answer: string = '' }
  export function main(wanted: Wanted): string { return wanted.answer }`)

const tenon: ActionRuntime = {
  ...onWasm,
  crash: 'GUEST_ABORT',
  answers: (answer) => [answering, { answer }],
  guests: {
    echo: await buildText('export function main(event: string): string { return event }'),
    talk: await buildText(`
      import { log } from 'tenon/action'
      export function main(event: string): string {
        log.debug(event)
        log.info(event)
        log.warn(event)
        log.error(event)
        return event
      }`),
    count: await buildText(
      `
      import { fail } from 'tenon/action'
      @json class Event { act: string = '' }
      @json class Count { count: i32 = 0 }
      const all: Count[] = []
      export function main(event: Event): Count {
        const next = new Count()
        next.count = all.length + 1
        all.push(next)
        if (event.act == 'fail') return fail<Count>('no')
        if (event.act == 'crash') throw new Error('crashed')
        return next
      }`,
      { gc: 'incremental' },
    ),
    configured: await buildText(`
      import { config } from 'tenon/action'
      export function main(event: string): string {
        const value = config.get('key')
        return value === null ? '{}' : value
      }`),
    surrogates: await buildText(`
      export function main(event: string): string {
        return '{"high":"' + String.fromCharCode(0xd800) + '","low":"' + String.fromCharCode(0xdc00) + '"}'
      }`),
  },
}

const importLog = '(import "tenon" "log" (func $log (param i32 i32)))'
const says = (text: string): Uint8Array => wat(actionWat('(i32.const 516)', stringData(516, text)))

const byHand: ActionRuntime = {
  ...onWasm,
  crash: 'TRAP_UNREACHABLE',
  answers: (text) => [says(text), {}],
  guests: {
    echo: wat(actionWat('(local.get $event)')),
    talk: wat(
      actionWat(
        `(call $log (i32.const 0) (local.get $event))
         (call $log (i32.const 1) (local.get $event))
         (call $log (i32.const 2) (local.get $event))
         (call $log (i32.const 3) (local.get $event))
         (local.get $event)`,
        '',
        importLog,
      ),
    ),
    // Tells the events apart by their length, and writes one digit into its answer.
    count: wat(
      actionWat(
        `(global.set $count (i32.add (global.get $count) (i32.const 1)))
         (i32.store16 (i32.const 534) (i32.add (global.get $count) (i32.const 48)))
         (if (i32.eq (i32.load (i32.sub (local.get $event) (i32.const 4))) (i32.const 28)) (then (return (i32.const 1028))))
         (if (i32.eq (i32.load (i32.sub (local.get $event) (i32.const 4))) (i32.const 30)) (then unreachable))
         (i32.const 516)`,
        `(global $count (mut i32) (i32.const 0)) ${stringData(516, '{"count":0}')} ${stringData(1028, '{"error":"no"}')}`,
      ),
    ),
    configured: wat(
      actionWat(
        `(local $value i32)
         (local.set $value (call $config (i32.const 516)))
         (select (local.get $value) (i32.const 1028) (local.get $value))`,
        `${stringData(516, 'key')} ${stringData(1028, '{}')}`,
        '(import "tenon" "config" (func $config (param i32) (result i32)))',
      ),
    ),
    surrogates: says('{"high":"\ud800","low":"\udc00"}'),
  },
}

const text = (source: string): Uint8Array => Buffer.from(source)

const javascript: ActionRuntime = {
  ...onEsm,
  answers: (answer) => [text('export const main = ({ answer }) => JSON.parse(answer)'), { answer }],
  guests: {
    echo: text('export const main = (event) => event'),
    talk: text(`
      export async function main(event, { log }) {
        for (const level of ['debug', 'info', 'warn', 'error']) {
          log[level](JSON.stringify(event))
          await new Promise((resolve) => setImmediate(resolve))
        }
        return event
      }`),
    count: text(`
      let count = 0
      export function main({ act }) {
        count++
        if (act === 'crash') throw new Error('crashed')
        return act === 'fail' ? { error: 'no' } : { count }
      }`),
    configured: text("export const main = (event, { config }) => JSON.parse(config.key ?? '{}')"),
    surrogates: text("export const main = () => ({ high: '\\ud800', low: '\\udc00' })"),
  },
}

const typescript: ActionRuntime = {
  ...onEsm,
  answers: (answer) => [
    text('export function main({ answer }: { answer: string }): unknown { return JSON.parse(answer) }'),
    { answer },
  ],
  guests: {
    echo: text('export async function main<T extends object>(event: T): Promise<T> { return event }'),
    talk: text(`
      type Log = Record<'debug' | 'info' | 'warn' | 'error', (message: string) => void>
      export async function main<T>(event: T, { log }: { log: Log }): Promise<T> {
        for (const level of ['debug', 'info', 'warn', 'error'] as const) {
          log[level](JSON.stringify(event))
          await new Promise<void>((resolve) => void setImmediate(resolve))
        }
        return event
      }`),
    count: text(`
      let count: number = 0
      export async function main({ act }: { act?: string }): Promise<object> {
        count++
        if (act === 'crash') throw new Error('crashed')
        return act === 'fail' ? { error: 'no' } : { count }
      }`),
    configured: text(`
      interface Context { readonly config: Readonly<Record<string, string>> }
      export const main = (_event: unknown, { config }: Context): unknown => JSON.parse(config['key'] ?? '{}')`),
    surrogates: text(
      "export const main = (): object => ({ high: '\\ud800' as string, low: '\\udc00' satisfies string })",
    ),
  },
}

testAction('wasm, by tenon', tenon)
testAction('wasm, by hand', byHand)
testAction('esm, in JavaScript', javascript)
testAction('esm, in TypeScript', typescript)
testAction('process, in JavaScript', { ...javascript, ...onProcess })
testAction('process, in TypeScript', { ...typescript, ...onProcess })

describe('an action on wasm, and what only its ABI can do wrong', () => {
  const fine = byHand.guests.echo
  const cases = {
    'no JSON': [says('{'), 'GUEST_RESULT'],
    'an empty text': [says(''), 'GUEST_RESULT'],
    'JSON and more': [says('{} {}'), 'GUEST_RESULT'],
    'a null pointer': [wat(actionWat('(i32.const 0)')), ['GUEST_POINTER', 'GUEST_RESULT']],
  } as const
  for (const [what, [guest, code]] of Object.entries(cases)) {
    it(`answering with ${what} is an error, and the next call works`, async () => {
      await using host = onWasm.host()
      const plugin = await host.plug('guest', guest, action)
      for (let time = 0; time < 3; time++) {
        await rejection(
          code,
          Promise.resolve().then(() => plugin.hooks.main({})),
        )
      }
      await plugin.swap(fine)
      assert.deepEqual(plugin.hooks.main({ fine: 1 }), { fine: 1 })
    })
  }

  for (const name of ['constructor', '__proto__', 'toString', '']) {
    it(`a setting '${name}' is not there unless it was given`, async () => {
      const guest = wat(
        actionWat(
          `(local $value i32)
           (local.set $value (call $config (i32.const 516)))
           (select (local.get $value) (i32.const 1028) (local.get $value))`,
          `${stringData(516, name)} ${stringData(1028, '{}')}`,
          '(import "tenon" "config" (func $config (param i32) (result i32)))',
        ),
      )
      await using host = onWasm.host()
      const without = await host.plug('without', guest, action)
      assert.deepEqual(without.hooks.main({}), {})
      const config = Object.fromEntries([[name, '{"given":1}']])
      const given = await host.plug('given', guest, action, { config })
      assert.deepEqual(given.hooks.main({}), { given: 1 })
    })
  }

  it('a call inside a call inside a call gets its own answer at once', async () => {
    const answers: JsonObject[] = []
    let depth = 0
    await using host = onWasm.host(({ level }) => {
      if (level !== 'warn' || depth === 40) return
      const id = ++depth
      answers.push(plugin.hooks.main({ id }))
    })
    const plugin = await host.plug('guest', byHand.guests.talk, action)
    assert.deepEqual(plugin.hooks.main({ id: 0 }), { id: 0 })
    assert.deepEqual(
      answers,
      Array.from({ length: 40 }, (_, index) => ({ id: 40 - index })),
    )
  })

  it('calls inside calls without end stop with an error', async () => {
    let depth = 0
    await using host = onWasm.host(({ level }) => {
      if (level !== 'debug') return
      depth++
      plugin.hooks.main({})
    })
    const plugin = await host.plug('guest', byHand.guests.talk, action)
    const error = await rejection(
      ['PLUGIN_BUSY', 'HOST_FUNCTION_FAILED'],
      Promise.resolve().then(() => plugin.hooks.main({})),
    )
    assert(causes(error).some((cause) => MortiseError.is(cause, 'PLUGIN_BUSY')))
    assert(depth > 10, `${depth} deep`)
    await plugin.swap(fine)
    assert.deepEqual(plugin.hooks.main({ fine: 1 }), { fine: 1 })
  })

  it('a crash inside a call leaves the outer call alone', async () => {
    const inner: unknown[] = []
    await using host = onWasm.host(({ text }) => {
      if (text !== '{"outer":1}' || inner.length > 0) return
      try {
        plugin.hooks.main({ act: 'crash' })
      } catch (error) {
        inner.push(error)
      }
    })
    const guest = wat(
      actionWat(
        `(call $log (i32.const 1) (local.get $event))
         (if (i32.eq (i32.load (i32.sub (local.get $event) (i32.const 4))) (i32.const 30)) (then unreachable))
         (local.get $event)`,
        '',
        importLog,
      ),
    )
    const plugin = await host.plug('guest', guest, action)
    assert.deepEqual(plugin.hooks.main({ outer: 1 }), { outer: 1 })
    assert.equal(inner.length, 1)
    assert(MortiseError.is(inner[0], 'TRAP_UNREACHABLE'))
    assert.deepEqual([plugin.stats().calls, plugin.stats().errors], [2, 1])
  })
})

describe('an action on esm, and what only JavaScript can do', () => {
  const plug = async (source: string, log?: (line: PluginLogLine) => void) => {
    const host = onEsm.host(log)
    const plugin = await host.plug('guest', text(source), action)
    return { host, plugin, main: plugin.hooks.main }
  }

  const answers = {
    undefined: 'undefined',
    'a function': '() => ({})',
    'a symbol': "Symbol('x')",
    'a BigInt': '1n',
    'an object with a BigInt': '({ a: 1n })',
    'an object with a cycle': '(() => { const a = {}; a.a = a; return a })()',
    'an object whose toJSON throws': "({ toJSON() { throw new Error('mine') } })",
    'an object that JSON spells as a text': 'new Date(0)',
    'a promise of nothing': 'Promise.resolve()',
  }
  for (const [what, answer] of Object.entries(answers)) {
    it(`answering with ${what} is an error, and the next call works`, async () => {
      const { host, main } = await plug(`export const main = ({ ok }) => (ok ? {} : ${answer})`)
      await using _ = host
      await rejection('GUEST_RESULT', main({}))
      assert.deepEqual(await main({ ok: true }), {})
    })
  }

  const thrown = [
    'undefined',
    'null',
    "'text'",
    '1n',
    'Object.create(null)',
    'Object.freeze(new Error("frozen"))',
    '{ get message() { throw 1 } }',
  ]
  for (const value of thrown) {
    it(`throwing ${value} is one typed error`, async () => {
      const { host, main } = await plug(`export async function main({ ok }) { if (ok) return {}; throw (${value}) }`)
      await using _ = host
      await rejection('GUEST_THREW', main({}))
      assert.deepEqual(await main({ ok: true }), {})
    })
  }

  it('what it threw is the cause', async () => {
    const { host, main } = await plug("export function main() { throw new RangeError('mine') }")
    await using _ = host
    const error = await rejection('GUEST_THREW', main({}))
    assert(error.cause instanceof RangeError && error.cause.message === 'mine')
    assert.match(error.message, /mine/)
  })

  it('neither the event of the caller nor the result that it kept is shared', async () => {
    const { host, main } = await plug(`
      const kept = { list: [1] }
      export function main(event) {
        event.list?.push('changed')
        kept.list.push(kept.list.length + 1)
        return kept
      }`)
    await using _ = host
    const event = { list: ['mine'] }
    const first = await main(event)
    assert.deepEqual(event, { list: ['mine'] })
    Object.assign(first, { list: 'changed' })
    assert.deepEqual(await main({}), { list: [1, 2, 3] })
  })

  it('calls really overlap, each with a context of its own', async () => {
    const lines: PluginLogLine[] = []
    const { host, main } = await plug(
      `
      let running = 0
      export async function main({ id, turns }, { log }) {
        running++
        log.info('begin ' + id)
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
        const most = running
        log.info('end ' + id)
        running--
        return { id, most }
      }`,
      (line) => lines.push(line),
    )
    await using _ = host
    const ids = Array.from({ length: 20 }, (_, id) => id)
    const results = await Promise.all(ids.map((id) => main({ id, turns: 1 + ((id * 7) % 20) })))
    assert.deepEqual(
      results.map(({ id }) => id),
      ids,
    )
    assert(results.some(({ most }) => typeof most === 'number' && most > 10))
    const byCall = Map.groupBy(lines, ({ call }) => call)
    assert.equal(byCall.size, 20)
    for (const own of byCall.values()) {
      assert.deepEqual(
        own.map(({ text }) => text.split(' ')[0]),
        ['begin', 'end'],
      )
      assert.equal(new Set(own.map(({ text }) => text.split(' ')[1])).size, 1)
    }
  })

  it('waits for the calls under way when it is unplugged', async () => {
    const { host, plugin, main } = await plug(`
      export async function main() {
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
        return {}
      }`)
    await using _ = host
    const order: string[] = []
    const call = main({}).then(() => order.push('call'))
    await plugin.unplug().then(() => order.push('unplugged'))
    await call
    assert.deepEqual(order, ['call', 'unplugged'])
  })

  it('more log than its limit ends the call, and the next one works', async () => {
    await using host = onEsm.host()
    const source = text(`
      export function main({ lines }, { log }) {
        for (let line = 0; line < lines; line++) log.info('x'.repeat(99))
        return {}
      }`)
    const plugin = await host.plug('guest', source, action, { limits: { output: 1000 } })
    await rejection('OUTPUT_LIMIT', plugin.hooks.main({ lines: 100 }))
    assert.deepEqual(await plugin.hooks.main({ lines: 2 }), {})
  })

  for (const [what, source] of Object.entries({
    'no main': 'export const other = 1',
    'a main that is no function': 'export const main = 1',
    'only a default export': 'export default () => ({})',
    'a syntax error': 'export const main = (',
    'an error while it loads': "throw new Error('mine')",
    'a syntax error in TypeScript': 'export const a: = 1\nexport const main = () => ({})',
    'an import of what is not there': "import 'file:///no/such/file.js'\nexport const main = () => ({})",
  })) {
    it(`a module with ${what} is refused, and its name stays free`, async () => {
      await using host = onEsm.host()
      const error = await rejection('MODULE_REFUSED', host.plug('guest', text(source), action))
      assert(error.details.problems !== undefined && error.details.problems.length > 0)
      assert.equal(host.plugins.size, 0)
      const plugin = await host.plug('guest', text('export const main = () => ({})'), action)
      assert.deepEqual(await plugin.hooks.main({}), {})
    })
  }

  it('a module that was given by path may import its neighbours, in TypeScript too', () =>
    inFolder(
      {
        'main.ts':
          "import { greet } from './greet.ts'\nexport const main = ({ name }: { name: string }): object => ({ greetings: greet(name) })",
        'greet.ts': "export const greet = (name: string): string => 'Hello, ' + name",
      },
      async (folder) => {
        await using host = onEsm.host()
        const plugin = await host.plug('guest', `${folder}/main.ts`, action)
        assert.deepEqual(await plugin.hooks.main({ name: 'Mike' }), { greetings: 'Hello, Mike' })
      },
    ))
})

function causes(error: unknown): unknown[] {
  return error instanceof Error && error.cause !== undefined ? [error, ...causes(error.cause)] : [error]
}
