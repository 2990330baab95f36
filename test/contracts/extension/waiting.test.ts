import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { MortiseError } from 'mortise'
import { type AsyncState, AsyncStateKind, type AsyncStorage, type Row, type Storage } from 'mortise/extension'
import { extensionGuest } from '../../support/extension-guest.ts'
import { failure, rejection, typed } from '../../support/wat.ts'
import { interleaved } from './interleaved.ts'
import { key, mock } from './mock.ts'
import { answers, plugAsync, waitingKind } from './waiting.ts'

/** Copies a field of what it gets into an intent. */
const copy = `
  (local.set $a (call $hostGetValue ${key('sys.Wait')}))
  (local.set $b (call $hostNewValue ${key('sys.Wait')}))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'x' (call $hostValueAsInt32 (local.get $a) 'x'))`

const ask = `(drop (call $hostGetValue ${key('sys.Wait')}))`

const written = ({ intents }: AsyncState): unknown => intents[0]?.fields.get('x')

/** A storage that answers all at once, though with promises. */
const prompt = (row: Row): AsyncStorage => ({ async: true, get: () => Promise.resolve(row), insert: () => undefined })

describe('a guest whose storage waits', () => {
  test('is suspended until the answer is there', async () => {
    const storage = answers()
    const state = waitingKind(storage).open(undefined)
    await using guest = await plugAsync({ copy })
    const call = guest.call('copy', state)
    assert.equal(storage.asked.length, 1)
    storage.asked[0]?.answer({ x: 7 })
    assert.equal(written(await call), 7)
    const { calls, errors } = guest.plugin.stats()
    assert.deepEqual({ calls, errors }, { calls: 1, errors: 0 })
  })

  test('runs on a state whose storages answer at once, too', async () => {
    await using guest = await plugAsync({ good: `(drop (call $hostNewValue ${key('sys.SendMail')}))` })
    assert.equal((await guest.call('good', mock.open(undefined))).intents.length, 1)
  })

  test('gets what its storage rejects with as the cause, and is as new', async () => {
    const storage = answers()
    const refused = new Error('no connection')
    await using guest = await plugAsync({ copy })
    const call = guest.call('copy', waitingKind(storage).open(undefined))
    storage.asked[0]?.refuse(refused)
    const { cause, details } = await rejection('HOST_FUNCTION_FAILED', call)
    assert.equal(cause, refused)
    assert.deepEqual([details.storage, details.key, details.hook], ['sys.Wait', 'storage:sys.Wait', 'copy'])
    assert.ok(details.frames?.some((frame) => frame.function === 'copy'))
    assert.equal(written(await guest.call('copy', waitingKind(prompt({ x: 1 })).open(undefined))), 1)
  })

  test('asks for what is not there, and for several at once', async () => {
    const batch: AsyncStorage = {
      async: true,
      getBatch: async (keys) => keys.map(() => ({ x: 5 })),
      insert: () => undefined,
    }
    await using guest = await plugAsync({
      copy,
      query: `(if (i64.ne (call $hostQueryValue ${key('sys.Wait')}) (i64.const -1)) (then (unreachable)))`,
    })
    assert.equal(written(await guest.call('copy', waitingKind(batch).open(undefined))), 5)
    const nothing: AsyncStorage = { async: true, get: async () => undefined }
    await guest.call('query', waitingKind(nothing).open(undefined))
    await rejection('EXTENSION_ABSENT', guest.call('copy', waitingKind(nothing).open(undefined)))
  })

  test('is restored after it failed: its globals, its stack and its intents', async () => {
    const more = '(global $count (mut i32) (i32.const 0))'
    await using guest = await plugAsync(
      {
        bad: `${copy} (global.set $count (i32.const 9)) (call $panic 'panic: later')`,
        good: `${copy} (if (global.get $count) (then (unreachable)))`,
      },
      { guest: { more } },
    )
    const state = waitingKind(prompt({ x: 1 })).open(undefined)
    for (let call = 0; call < 2000; call++) {
      const { details } = await rejection('GUEST_ABORT', guest.call('bad', state))
      assert.equal(details.guest?.message, 'later')
    }
    assert.deepEqual(state.intents, [])
    assert.equal((await guest.call('good', state)).intents.length, 1)
  })

  test('that ran out of memory is run once more, without the intents of the first attempt', async () => {
    let asked = 0
    const storage: AsyncStorage = {
      async: true,
      async get() {
        asked++
        return { x: 3 }
      },
      insert: () => undefined,
    }
    const more = `(func $fill (drop (call $malloc (i32.const 900000))))`
    await using guest = await plugAsync(
      { grow: `${copy} (call $fill)` },
      { guest: { more }, wasm: { memory: '2 MiB', restore: 'on-error' } },
    )
    const state = waitingKind(storage).open(undefined)
    for (let call = 0; call < 6; call++) {
      await guest.call('grow', state)
    }
    assert.ok(guest.plugin.stats().restores > 0)
    assert.equal(asked, 6 + guest.plugin.stats().restores)
    assert.equal(state.intents.length, 6)
    assert.equal(guest.plugin.stats().errors, 0)
  })

  test('is not run once more where its first attempt did something elsewhere', async () => {
    let sent = 0
    const storage: AsyncStorage = {
      async: true,
      acts: ({ fields }) => fields.get('send') === true,
      async get({ fields }) {
        if (fields.get('send') === true) sent++
        return {}
      },
      async *read() {
        sent++
        yield [{}, {}] as const
      },
    }
    const send = `(local.set $a ${key('sys.Wait')}) (call $hostRowWriterPutBool (local.get $a) (i32.const 0) 'send' (i32.const 1))`
    const leak = `(drop (call $malloc (i32.const 900000)))`
    await using guest = await plugAsync(
      {
        asks: `${ask} ${leak}`,
        sends: `${send} (drop (call $hostGetValue (local.get $a))) ${leak}`,
        reads: `${send} (call $hostReadValues (local.get $a)) ${leak}`,
      },
      {
        guest: { more: '(func (export "WasmOnReadValue") (param i64 i64))' },
        wasm: { memory: '2 MiB', restore: 'on-error' },
      },
    )
    const state = waitingKind(storage).open(undefined)
    for (let call = 0; call < 4; call++) await guest.call('asks', state)
    for (const hook of ['sends', 'reads']) {
      let failed = 0
      sent = 0
      for (let call = 0; call < 4; call++) {
        const error = await guest.call(hook, state).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        if (error !== undefined) failed++
        if (error !== undefined) assert.match(typed('TRAP_OUT_OF_MEMORY', error).message, /not run once more/)
      }
      assert.equal(sent, 4)
      assert.ok(failed > 0)
    }
  })

  test('burns the same fuel as one that does not wait', async () => {
    await using guest = await plugAsync({ ask }, { wasm: { fuel: 100_000 } })
    await guest.call('ask', waitingKind(prompt({})).open(undefined))
    const suspended = guest.plugin.stats().lastFuel
    const atOnce = new AsyncStateKind<undefined>({ name: 'x', storages: { 'sys.Wait': { get: () => ({}) } } })
    await guest.call('ask', atOnce.open(undefined))
    assert.equal(guest.plugin.stats().lastFuel, suspended)
    await using endless = await plugAsync({ spin: `(loop $l ${ask} (br $l))` }, { wasm: { fuel: 100_000 } })
    await rejection('FUEL', endless.call('spin', waitingKind(prompt({})).open(undefined)))
  })

  test('is restored for every call where its plugin asks for that', async () => {
    const more = '(global $count (mut i32) (i32.const 0))'
    await using guest = await plugAsync(
      { once: `${ask} (if (global.get $count) (then (unreachable))) (global.set $count (i32.const 1))` },
      { guest: { more }, wasm: { restore: 'every-lease' } },
    )
    const state = waitingKind(prompt({})).open(undefined)
    for (let call = 0; call < 5; call++) {
      await guest.call('once', state)
    }
  })

  test('is no state: the promise is rejected', async () => {
    await using guest = await plugAsync({ ask })
    const call: unknown = Reflect.apply(guest.plugin.hooks['ask'] ?? assert.fail, undefined, [{}])
    assert.ok(call instanceof Promise)
    await rejection('INPUT_INVALID', call)
  })
})

/** A callback that adds `x` of the value up and writes the sum, `stop` being what it returns. */
const summing = (name: string, result = ''): string => `
  (global $sum (mut i32) (i32.const 0))
  (func (export "${name}") (param $k i64) (param $v i64) ${result === '' ? '' : '(result i32)'}
    (global.set $sum (i32.add (global.get $sum) (call $hostValueAsInt32 (local.get $v) 'x'))) ${ask} ${result})`
const read = `(global.set $sum (i32.const 0)) (call $hostReadValues ${key('sys.Wait')})
  (local.set $b (call $hostNewValue ${key('sys.Wait')}))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'x' (global.get $sum))`

describe('a read that waits', () => {
  const log: string[] = []
  const storage: AsyncStorage = {
    ...prompt({}),
    async *read() {
      try {
        for (let row = 1; row < 1000; row++) {
          await new Promise(setImmediate)
          yield [{ id: row }, { x: row }]
        }
      } finally {
        log.push('closed')
      }
    },
  }

  test('gives the guest row after row, and it may wait inside of its callback', async () => {
    await using guest = await plugAsync({ read }, { guest: { more: summing('WasmOnReadValue') } })
    assert.equal(written(await guest.call('read', waitingKind(storage).open(undefined))), 499_500)
  })

  test('ends where the guest has enough, once the storage has closed it', async () => {
    log.length = 0
    const more = summing('mortise_on_read_value', '(i32.ge_u (global.get $sum) (i32.const 10))')
    await using guest = await plugAsync({ read }, { guest: { more } })
    assert.equal(written(await guest.call('read', waitingKind(storage).open(undefined))), 10)
    assert.deepEqual(log, ['closed'])
  })

  test('is let go when the guest fails in its callback', async () => {
    log.length = 0
    await using guest = await plugAsync(
      { read },
      { guest: { more: summing('WasmOnReadValue', '(unreachable)').replace('(result i32)', '') } },
    )
    await rejection('TRAP_UNREACHABLE', guest.call('read', waitingKind(storage).open(undefined)))
    await new Promise(setImmediate)
    assert.deepEqual(log, ['closed'])
  })

  test('has what it throws as the cause', async () => {
    const broken = new Error('cursor lost')
    const failing: AsyncStorage = {
      async: true,
      // oxlint-disable-next-line require-yield -- it fails before its first row
      async *read() {
        throw broken
      },
      insert: () => undefined,
    }
    await using guest = await plugAsync({ read }, { guest: { more: summing('WasmOnReadValue') } })
    const error = await rejection('HOST_FUNCTION_FAILED', guest.call('read', waitingKind(failing).open(undefined)))
    assert.equal(error.cause, broken)
  })
})

describe('limits', () => {
  test('a deadline is for the time that a guest runs: what it waits does not count, what it runs in pieces does', async () => {
    const slow: AsyncStorage = {
      async: true,
      async get() {
        await setTimeout(900)
        return {}
      },
    }
    await using guest = await plugAsync(
      { ask, spin: `(loop $l ${ask} (br $l))` },
      { wasm: { deadline: '300 ms' }, limits: { handles: 10_000_000 } },
    )
    await guest.call('ask', waitingKind(slow).open(undefined))
    await rejection('DEADLINE', guest.call('spin', waitingKind(prompt({})).open(undefined)))
    await using after = await plugAsync({ spin: `${ask} (loop $l (br $l))` }, { wasm: { deadline: '300 ms' } })
    const { details } = await rejection('DEADLINE', after.call('spin', waitingKind(prompt({})).open(undefined)))
    assert.ok(details.frames?.some((frame) => frame.function === 'spin'))
    await guest.call('ask', waitingKind(prompt({})).open(undefined))
    const within = guest.plugin.within('5 s')['ask'] ?? assert.fail()
    await within(waitingKind(slow).open(undefined))
  })

  test('a call whose time is up before it waits is ended by that, and what its storage rejects with is for nobody', async () => {
    const rejected = Promise.withResolvers<never>()
    const signals: AbortSignal[] = []
    const blocking: AsyncStorage = {
      async: true,
      get(_key, _context, { signal }) {
        signals.push(signal)
        const end = performance.now() + 150
        while (performance.now() < end);
        return rejected.promise
      },
    }
    await using guest = await plugAsync({ ask }, { wasm: { deadline: '30 ms' } })
    await rejection('DEADLINE', guest.call('ask', waitingKind(blocking).open(undefined)))
    assert.ok(MortiseError.is(signals[0]?.reason, 'DEADLINE'))
    rejected.reject(new Error('the server is gone'))
    // The process would end here with it.
    await setTimeout(1)
    await guest.call('ask', waitingKind(prompt({})).open(undefined))
  })

  test('a wait has an end of its own, after which the guest is as new and late answers are for nobody', async () => {
    const storage = answers()
    await using guest = await plugAsync({ copy }, { limits: { wait: '60 ms' } })
    const kind = waitingKind(storage)
    const { details } = await rejection('WAIT_LIMIT', guest.call('copy', kind.open(undefined)))
    assert.equal(details.limit, 60)
    const [first] = storage.asked
    assert.ok(first?.signal.aborted === true && MortiseError.is(first.signal.reason, 'WAIT_LIMIT'))
    const second = guest.call('copy', kind.open(undefined))
    first.answer({ x: 1 })
    await new Promise(setImmediate)
    storage.asked[1]?.answer({ x: 2 })
    assert.equal(written(await second), 2)
  })

  test('a guest that catches the end of its wait has ended nonetheless', async () => {
    const caught = `(drop (call $hostNewValue ${key('sys.Wait')})) (try (do ${ask}) (catch_all))`
    await using guest = await plugAsync({ caught, good: ask }, { limits: { wait: '30 ms' } })
    const state = waitingKind(answers()).open(undefined)
    await rejection('WAIT_LIMIT', guest.call('caught', state))
    assert.equal(state.intents.length, 0)
    await guest.call('good', waitingKind(prompt({})).open(undefined))
    const call = guest.call('caught', state)
    await Promise.all([rejection('PLUGIN_UNPLUGGED', call), guest.plugin.unplug()])
    assert.equal(state.intents.length, 0)
  })

  test('calls that overlap have an instance each; those beyond wait, and those beyond that are refused', async () => {
    const storage = answers()
    await using guest = await plugAsync({ copy }, { limits: { instances: 2, queue: 1 } })
    const kind = waitingKind(storage)
    const calls = [1, 2, 3].map(() => guest.call('copy', kind.open(undefined)))
    assert.equal(storage.asked.length, 2)
    const { details } = await rejection('QUEUE_FULL', guest.call('copy', kind.open(undefined)))
    assert.equal(details.limit, 1)
    storage.asked[1]?.answer({ x: 20 })
    assert.equal(written((await calls[1]) ?? assert.fail()), 20)
    assert.equal(storage.asked.length, 3)
    storage.asked[2]?.answer({ x: 30 })
    storage.asked[0]?.answer({ x: 10 })
    assert.deepEqual((await Promise.all(calls)).map(written), [10, 20, 30])
  })

  test('a call that had to wait for an instance runs in the asynchronous context that it was made in', async () => {
    const contexts = new AsyncLocalStorage<number>()
    const seen = new Map<AsyncState, unknown[]>()
    const kind = new AsyncStateKind<{ readonly saw: unknown[] }>({
      name: 'Contexts',
      storages: {
        'sys.Wait': {
          async: true,
          async get(_key, { saw }) {
            saw.push(contexts.getStore())
            await setTimeout(1)
            return {}
          },
        },
      },
    })
    await using guest = await plugAsync({ twice: `${ask} ${ask}` }, { limits: { instances: 2 } })
    const calls = Array.from({ length: 7 }, (_, index) => {
      const saw: unknown[] = []
      const state = kind.open({ saw })
      seen.set(state, saw)
      return contexts.run(index, () => guest.call('twice', state))
    })
    for (const [index, call] of calls.entries()) assert.deepEqual(seen.get(await call), [index, index])
  })

  test('the intents of calls that overlap on one state are counted together', async () => {
    const storage = answers()
    const rows: unknown[] = []
    const result: Storage = { insert: () => undefined, emit: ({ key: { storage: name } }) => void rows.push(name) }
    const storages = { 'sys.Wait': storage, 'sys.Result': result }
    const kind = new AsyncStateKind<undefined>({ name: 'Few', storages, intents: 1 })
    await using guest = await plugAsync({
      late: `(drop (call $hostNewValue ${key('sys.Wait')})) (drop (call $hostNewValue ${key('sys.Result')})) ${ask}`,
    })
    const state = kind.open(undefined)
    const calls = [guest.call('late', state), guest.call('late', state)]
    for (const { answer } of storage.asked) answer({})
    await calls[0]
    await rejection('INTENTS_LIMIT', calls[1] ?? assert.fail())
    assert.equal(state.intents.length, 1)
    // A call that fails hands on no last row.
    assert.deepEqual(rows, ['sys.Result'])
  })

  test('nothing waits inside of what a host function calls: the guest is ended, and its deadline holds', async () => {
    const more = '(global $asks (mut i32) (i32.const 0))'
    const malloc = `(if (global.get $asks) (then (try (do ${ask}) (catch_all (loop $l (br $l))))))`
    await using guest = await plugAsync(
      {
        text: `(local.set $a (call $hostGetValue ${key('sys.Wait')})) (global.set $asks (i32.const 1))
          (drop (call $hostValueAsString (local.get $a) 'long'))`,
      },
      { guest: { more, malloc }, wasm: { deadline: '50 ms' } },
    )
    await rejection('DEADLINE', guest.call('text', waitingKind(prompt({ long: 'x'.repeat(70_000) })).open(undefined)))
    await using honest = await plugAsync(
      {
        text: `(local.set $a (call $hostGetValue ${key('sys.Wait')})) (global.set $asks (i32.const 1))
          (drop (call $hostValueAsString (local.get $a) 'long'))`,
      },
      { guest: { more, malloc: `(if (global.get $asks) (then ${ask}))` } },
    )
    const storage = answers()
    const call = honest.call('text', waitingKind(storage).open(undefined))
    storage.asked[0]?.answer({ long: 'x'.repeat(70_000) })
    assert.match((await rejection('HOST_FUNCTION_FAILED', call)).message, /nothing can be suspended/)
    ;(storage.asked[1] ?? assert.fail()).refuse(new Error('this would end the process'))
    await setTimeout(1)
  })
})

describe('a call that is suspended', () => {
  test('ends when its plugin is unplugged, and so does one that waits for an instance', async () => {
    const storage = answers()
    await using guest = await plugAsync({ copy }, { limits: { instances: 1 } })
    const kind = waitingKind(storage)
    const calls = [1, 2].map(() => guest.call('copy', kind.open(undefined)))
    const ends = calls.map((call) => rejection('PLUGIN_UNPLUGGED', call))
    await guest.plugin.unplug()
    await Promise.all(ends)
    assert.ok(storage.asked[0]?.signal.aborted)
    storage.asked[0].answer({ x: 1 })
    assert.equal(storage.asked.length, 1)
    failure('PLUGIN_UNPLUGGED', () => guest.plugin.hooks['copy']?.(kind.open(undefined)))
  })

  test('ends when its host is closed', async () => {
    const storage = answers()
    const guest = await plugAsync({ copy })
    const end = rejection('PLUGIN_UNPLUGGED', guest.call('copy', waitingKind(storage).open(undefined)))
    await guest.host.close()
    await end
  })

  test('goes on on its version after a swap, until its plugin is unplugged', async () => {
    const storage = answers()
    const kind = waitingKind(storage)
    await using guest = await plugAsync({ copy })
    const [first, second] = [guest.call('copy', kind.open(undefined)), guest.call('copy', kind.open(undefined))]
    await guest.plugin.swap(extensionGuest({ copy: `${copy} ${copy}` }))
    storage.asked[0]?.answer({ x: 1 })
    assert.equal((await first).intents.length, 1)
    const swapped = await guest.call('copy', waitingKind(prompt({ x: 2 })).open(undefined))
    assert.equal(swapped.intents.length, 2)
    const end = rejection('PLUGIN_UNPLUGGED', second)
    await guest.plugin.unplug()
    await end
  })
})

test('1,000 calls interleaved at random over several instances: none is wrong', async () => {
  const seed = Date.now() % 2 ** 31
  const { unlike, suspensions } = await interleaved(seed, 1000)
  assert.deepEqual(unlike, [], `seed ${seed}`)
  assert.ok(suspensions > 2000)
})

test('without JavaScript Promise Integration the plugin is refused, by a code of its own', () => {
  const script = `
    delete WebAssembly.Suspending
    const { plugAsync } = await import(${JSON.stringify(new URL('waiting.ts', import.meta.url).href)})
    await plugAsync({ none: '' }).catch((error) => console.log(error.code))`
  const out = execFileSync(process.execPath, ['-C', 'source', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  assert.equal(out.trim(), 'SUSPENSION_UNAVAILABLE')
})
