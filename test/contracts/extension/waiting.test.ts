import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Mortise, type Plugin, type Within } from 'mortise'
import {
  asyncExtensions,
  type AsyncExtensionLimits,
  type AsyncState,
  AsyncStateKind,
  type AsyncStorage,
  type Declaration,
  type Row,
  type State,
} from 'mortise/extension'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { extensionGuest } from '../../support/extension-guest.ts'
import { rejection } from '../../support/wat.ts'
import { key, mock } from './mock.ts'

type AsyncHooks = Readonly<Record<string, (state: State | AsyncState) => Promise<void>>>

interface PluggedAsync extends AsyncDisposable {
  readonly plugin: Plugin<AsyncHooks> & Within<AsyncHooks>
  readonly call: <S extends State | AsyncState>(hook: string, state: S) => Promise<S>
}

/** Plugs a guest in whose storages may wait. */
async function plugAsync(
  functions: Readonly<Record<string, string>>,
  options: {
    readonly guest?: Parameters<typeof extensionGuest>[1]
    readonly wasm?: WasmOptions
    readonly limits?: AsyncExtensionLimits
  } = {},
): Promise<PluggedAsync> {
  const host = new Mortise({ runtimes: [wasm({ deadline: '20 s', ...options.wasm })] })
  const declared: Readonly<Record<string, Declaration>> = Object.fromEntries(
    Object.keys(functions).map((one) => [one, {}]),
  )
  const contract = asyncExtensions(declared, options.limits)
  const plugin = await host.plug('guest', extensionGuest(functions, options.guest), contract)
  return {
    plugin,
    async call(hook, state) {
      await (plugin.hooks[hook] ?? assert.fail(hook))(state)
      return state
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}

/** A storage whose answers come when the test says so. */
function answers(): AsyncStorage & {
  readonly asked: { readonly signal: AbortSignal; readonly answer: PromiseWithResolvers<Row | undefined> }[]
} {
  const asked: { signal: AbortSignal; answer: PromiseWithResolvers<Row | undefined> }[] = []
  return {
    async: true,
    asked,
    get(_key, _context, { signal }) {
      const answer = Promise.withResolvers<Row | undefined>()
      asked.push({ signal, answer })
      return answer.promise
    },
    insert: () => undefined,
  }
}

const kindOf = (storage: AsyncStorage): AsyncStateKind =>
  new AsyncStateKind<undefined>({ name: 'Waiting', storages: { 'sys.Wait': storage } })

/** Copies a field of what it gets into an intent. */
const copy = `
  (local.set $a (call $hostGetValue ${key('sys.Wait')}))
  (local.set $b (call $hostNewValue ${key('sys.Wait')}))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'x' (call $hostValueAsInt32 (local.get $a) 'x'))`

const written = ({ intents }: AsyncState): unknown => intents[0]?.fields.get('x')

describe('a guest whose storage waits', () => {
  test('is suspended until the answer is there', async () => {
    const storage = answers()
    const state = kindOf(storage).open(undefined)
    await using guest = await plugAsync({ copy })
    const call = guest.call('copy', state)
    assert.equal(storage.asked.length, 1)
    storage.asked[0]?.answer.resolve({ x: 7 })
    assert.equal(written(await call), 7)
    assert.equal(guest.plugin.stats().calls, 1)
  })

  test('runs on a state whose storages answer at once, too', async () => {
    await using guest = await plugAsync({ good: `(drop (call $hostNewValue ${key('sys.SendMail')}))` })
    assert.equal((await guest.call('good', mock.open(undefined))).intents.length, 1)
  })

  test('gets what its storage rejects with as the cause', async () => {
    const storage = answers()
    const refused = new Error('no connection')
    await using guest = await plugAsync({ copy })
    const call = guest.call('copy', kindOf(storage).open(undefined))
    storage.asked[0]?.answer.reject(refused)
    const error = await rejection('HOST_FUNCTION_FAILED', call)
    assert.equal(error.cause, refused)
    assert.equal(error.details.storage, 'sys.Wait')
  })
})
