import assert from 'node:assert/strict'
import { channel, tracingChannel, type TracingChannelSubscribers } from 'node:diagnostics_channel'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Mortise, MortiseError } from 'mortise'
import { asyncExtensions, AsyncStateKind, type AsyncStorage, extensions, type HostCall } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { extensionGuest } from '../../support/extension-guest.ts'
import { failure, rejection } from '../../support/wat.ts'
import { ioError, key, mock } from './mock.ts'

const tracing = tracingChannel<HostCall>('mortise:host-function')

/** What was said while something ran: the event, and the call as it was then. */
async function listening(run: () => void | Promise<void>): Promise<readonly (readonly [string, HostCall])[]> {
  const said: (readonly [string, HostCall])[] = []
  const note =
    (event: string) =>
    (call: HostCall): void =>
      void said.push([event, { ...call }])
  const subscribers: TracingChannelSubscribers<HostCall> = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  }
  tracing.subscribe(subscribers)
  try {
    await run()
  } finally {
    tracing.unsubscribe(subscribers)
  }
  return said
}

const functions = {
  copy: `
    (local.set $a ${key('sys.Event')})
    (local.set $b (call $hostNewValue ${key('sys.SendMail')}))
    (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'port'
      (call $hostValueAsInt32 (call $hostGetValue (local.get $a)) 'offs'))`,
  list: `(drop (call $hostValueGetAsInt32 (call $hostGetValue ${key('sys.Test3')}) (i32.const 0)))`,
  fail: `(drop (call $hostQueryValue ${key('sys.IoErrorStorage')}))`,
  wrong: '(drop (call $hostGetValue (i64.const 123)))',
  read: `(call $hostReadValues ${key('sys.Test')})`,
}
const guestOf = (more = functions): Uint8Array =>
  extensionGuest(more, { more: '(func (export "WasmOnReadValue") (param i64 i64))' })
const contract = extensions({ copy: {}, list: {}, fail: {}, wrong: {}, read: {} })

describe('the trace of extensions', () => {
  test('has each call of a host function, with its storage, key and field, and how long it took', async () => {
    await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
    const said = await listening(async () => {
      const { hooks } = await host.plug('guest', guestOf(), contract)
      hooks.copy(mock.open(undefined))
      hooks.list(mock.open(undefined))
    })
    const ended = said.filter(([event]) => event === 'end').map(([, call]) => call)
    const about = ended.map(({ hook, name, storage, field }) => [hook, name, storage, field])
    assert.deepEqual(about, [
      ['copy', 'hostGetKey', 'sys.Event', undefined],
      ['copy', 'hostGetKey', 'sys.SendMail', undefined],
      ['copy', 'hostNewValue', 'sys.SendMail', undefined],
      ['copy', 'hostGetValue', 'sys.Event', undefined],
      ['copy', 'hostValueAsInt32', 'sys.Event', 'offs'],
      ['copy', 'hostRowWriterPutInt32', 'sys.SendMail', 'port'],
      ['list', 'hostGetKey', 'sys.Test3', undefined],
      ['list', 'hostGetValue', 'sys.Test3', undefined],
      ['list', 'hostValueGetAsInt32', 'sys.Test3', '0'],
    ])
    for (const call of ended) {
      assert.equal(call.plugin, 'guest')
      assert.equal(call.key, `storage:${call.storage}`)
      assert((call.milliseconds ?? -1) >= 0)
      assert(!('error' in call))
    }
    assert.equal(said.filter(([event]) => event === 'start').length, ended.length)
    assert.equal(said.length, 2 * ended.length)
  })

  test('says what a call failed with, also one with a key that is none', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const said = await listening(async () => {
      const { hooks } = await host.plug('guest', guestOf(), contract)
      failure('HOST_FUNCTION_FAILED', () => hooks.fail(mock.open(undefined)))
      failure('EXTENSION_HANDLE', () => hooks.wrong(mock.open(undefined)))
    })
    const failed = said.filter(([event]) => event === 'error').map(([, call]) => call)
    assert.deepEqual(
      failed.map(({ name, storage }) => [name, storage]),
      [
        ['hostQueryValue', 'sys.IoErrorStorage'],
        ['hostGetValue', undefined],
      ],
    )
    assert(failed[0]?.error instanceof Error)
    assert.match(failed[0].error.message, new RegExp(ioError.message))
    assert.deepEqual(
      said.slice(-3).map(([event]) => event),
      ['start', 'error', 'end'],
    )
    assert.equal(said.at(-1)?.[1].error, failed[1]?.error)
  })

  test('has the begin of a read, and each row that it goes to', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const said = await listening(async () => {
      const { hooks } = await host.plug('guest', guestOf(), contract)
      hooks.read(mock.open(undefined))
    })
    const names = said.filter(([event]) => event === 'end').map(([, { name, key: of }]) => `${name} ${of}`)
    const reads = names.filter((name) => name.startsWith('hostReadValues'))
    assert.deepEqual(reads, [
      'hostReadValues storage:sys.Test',
      ...Array.from({ length: 4 }, () => 'hostReadValues.next storage:sys.Test'),
    ])
  })

  test('goes on when the guest does, where its storage waits', { skip: !('Suspending' in WebAssembly) }, async () => {
    const answers = [Promise.withResolvers<object>(), Promise.withResolvers<object>()]
    let asked = 0
    const storage: AsyncStorage = {
      async: true,
      get: async () => ({ x: Object.keys((await answers[asked++]?.promise) ?? {}).length }),
    }
    const kind = new AsyncStateKind<undefined>({ name: 'Waiting', storages: { 'sys.Wait': storage } })
    await using host = new Mortise({ runtimes: [wasm()] })
    const said = await listening(async () => {
      const guest = extensionGuest({ get: `(drop (call $hostGetValue ${key('sys.Wait')}))` })
      const { hooks } = await host.plug('guest', guest, asyncExtensions({ get: {} }))
      const good = hooks.get(kind.open(undefined))
      answers[0]?.resolve({})
      await good
      const bad = hooks.get(kind.open(undefined))
      answers[1]?.reject(ioError)
      const { cause } = await rejection('HOST_FUNCTION_FAILED', bad)
      assert.equal(cause, ioError)
    })
    const calls = said.filter(([, { name }]) => name === 'hostGetValue')
    assert.deepEqual(
      calls.map(([event]) => event),
      ['start', 'end', 'asyncStart', 'asyncEnd', 'start', 'end', 'asyncStart', 'error', 'asyncEnd'],
    )
    const ended = calls.filter(([event]) => event === 'asyncEnd').map(([, call]) => call)
    assert.deepEqual(
      ended.map((call) => [call.storage, 'error' in call, (call.milliseconds ?? -1) >= 0]),
      [
        ['sys.Wait', false, true],
        ['sys.Wait', true, true],
      ],
    )
    assert.equal(calls[1]?.[1].milliseconds, undefined)
  })

  test('is none of instances that were made while nobody listened, and ends with the last listener', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const early = await host.plug('early', guestOf(), contract)
    const said = await listening(async () => {
      early.hooks.copy(mock.open(undefined))
      await host.plug('late', guestOf(), contract)
    })
    assert.deepEqual(said, [])
    assert.equal(channel('tracing:mortise:host-function:start').hasSubscribers, false)
    const again = await listening(async () => {
      await early.swap(guestOf({ ...functions, list: '' }))
      early.hooks.copy(mock.open(undefined))
    })
    assert(again.length > 0)
    early.hooks.copy(mock.open(undefined))
  })

  test('takes nothing from a call whose listener throws', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const thrown: unknown[] = []
    const note = (error: unknown): void => void thrown.push(error)
    process.setUncaughtExceptionCaptureCallback(note)
    const bad = (): never => {
      throw new MortiseError('OPTION_INVALID', 'a listener')
    }
    channel('tracing:mortise:host-function:end').subscribe(bad)
    try {
      const { hooks } = await host.plug('guest', guestOf(), contract)
      const state = mock.open(undefined)
      hooks.copy(state)
      assert.equal(state.intents.length, 1)
      await setImmediate()
      assert.equal(thrown.length, 6)
    } finally {
      channel('tracing:mortise:host-function:end').unsubscribe(bad)
      process.setUncaughtExceptionCaptureCallback(null)
    }
  })
})
