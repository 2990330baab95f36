import assert from 'node:assert/strict'
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

type AsyncHooks = Readonly<Record<string, (state: State | AsyncState) => Promise<void>>>

/** A host with one guest whose storages may wait. */
export interface PluggedAsync extends AsyncDisposable {
  readonly host: Mortise<'wasm'>
  readonly plugin: Plugin<AsyncHooks> & Within<AsyncHooks>
  readonly call: <S extends State | AsyncState>(hook: string, state: S) => Promise<S>
}

/** Plugs a guest in that is made of these functions, whose storages may wait. */
export async function plugAsync(
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
    host,
    plugin,
    async call(hook, state) {
      await (plugin.hooks[hook] ?? assert.fail(hook))(state)
      return state
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}

/** A question to a storage that is not answered yet. */
export interface Asked {
  readonly signal: AbortSignal
  readonly answer: (row: Row | undefined) => void
  readonly refuse: (reason: Error) => void
}

/** A storage whose answers come when the test gives them. */
export function answers(): AsyncStorage & { readonly asked: readonly Asked[] } {
  const asked: Asked[] = []
  return {
    async: true,
    asked,
    get(_key, _context, { signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Row | undefined>()
      asked.push({ signal, answer: resolve, refuse: reject })
      return promise
    },
    insert: () => undefined,
  }
}

/** A kind of state with a storage `sys.Wait`. */
export const waitingKind = (storage: AsyncStorage): AsyncStateKind =>
  new AsyncStateKind<undefined>({ name: 'Waiting', storages: { 'sys.Wait': storage } })
