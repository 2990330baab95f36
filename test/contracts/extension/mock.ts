import { Mortise } from 'mortise'
import type { Plugin } from 'mortise'
import {
  type Declaration,
  type ExtensionLimits,
  extensions,
  type Key,
  type QName,
  type Row,
  type State,
  StateKind,
} from 'mortise/extension'
import { wasm, type WasmOptions } from 'mortise/wasm'
import { extensionGuest } from '../../support/extension-guest.ts'

/** What the storage for failures throws: known by its identity. */
export const ioError: Error = new Error('test i/o error')

const failing = (): never => {
  throw ioError
}

const name = (entity: string): QName => ({ pkg: 'testpkg1', entity })

const rows: readonly (readonly [Row, Row])[] = [1, 2, 3].map((index) => [
  {
    i32: index,
    i64: BigInt(10 + index),
    f32: index + 0.5,
    f64: index + 0.01,
    str: `key${index}`,
    bytes: Uint8Array.of(index, 2, 3),
    qname: name(`e${index}`),
    bool: true,
  },
  {
    i32: 100 + index,
    i64: BigInt(1000 + index),
    f32: index + 0.25,
    f64: index + 0.0001,
    str: `value${index}`,
    bytes: Uint8Array.of(3, 2, 1),
    qname: name(`ee${index}`),
    bool: false,
  },
])

function byQName({ fields }: Key): Row {
  const value = fields.get('qname')
  const known = typeof value === 'object' && value !== null && 'pkg' in value && value.pkg === 'testpkg1'
  if (!known) throw new Error('unexpected package')
  return {}
}

/** The reference engine's mock, as a kind of state. */
export const mock: StateKind = new StateKind({
  name: 'Mock',
  packages: { testpkg1: 'github.com/voedger/testpkg1', sys: 'sys' },
  storages: {
    'sys.IoErrorStorage': { get: failing, read: failing, insert: failing, update: failing },
    'sys.Event': {
      get: () => ({ qname: 'sys.InvitationAccepted', arg: { UserEmail: 'email@user.com' }, offs: 12_345 }),
      update: () => undefined,
    },
    'sys.Test': {
      get: () => ({ '500c': 'x'.repeat(500), bytes: new Uint8Array(128_000), big: 'y'.repeat(70_000), none: null }),
      *read() {
        yield* rows
      },
    },
    'sys.Test2': {
      get: () => Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index + 10}`, 'x'.repeat(21)])),
    },
    'sys.Test3': { get: () => [123, 'test string', new Uint8Array(1024), name('test')] },
    'sys.TestQName': { get: byQName },
    'sys.SendMail': { get: () => ({}), insert: () => undefined },
    'sys.Record': { get: () => undefined },
    'sys.Unsupported': {
      get: ({ storage, entity }) => {
        throw new Error(`unsupported storage: ${storage} ${entity}`)
      },
    },
  },
})

/** A host with one guest, and its hooks. */
export interface Plugged<N extends string> extends AsyncDisposable {
  readonly host: Mortise<'wasm'>
  readonly plugin: Plugin<Readonly<Record<N, (state: State) => void>>>
  readonly call: (hook: N, state?: State) => State
}

/** Plugs a guest in that is made of these functions. */
export async function plugExtensions<const N extends string>(
  functions: Readonly<Record<N, string>>,
  options: {
    readonly guest?: Parameters<typeof extensionGuest>[1]
    readonly wasm?: WasmOptions
    readonly declared?: Readonly<Partial<Record<N, Declaration>>>
    readonly limits?: ExtensionLimits
  } = {},
): Promise<Plugged<N>> {
  const host = new Mortise({ runtimes: [wasm({ deadline: '20 s', ...options.wasm })] })
  // oxlint-disable-next-line no-unsafe-type-assertion -- the keys are N
  const names = Object.keys(functions) as N[]
  // oxlint-disable-next-line no-unsafe-type-assertion -- the same
  const declared = Object.fromEntries(names.map((one) => [one, options.declared?.[one] ?? {}])) as Record<
    N,
    Declaration
  >
  const plugin = await host.plug(
    'guest',
    extensionGuest(functions, options.guest),
    extensions(declared, options.limits),
  )
  return {
    host,
    plugin,
    call(hook, state = mock.open(undefined)) {
      plugin.hooks[hook](state)
      return state
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}

/** Instructions that push a key of a storage. */
export const key = (storage: string, entity = ''): string => `(call $hostGetKey '${storage}' '${entity}')`
