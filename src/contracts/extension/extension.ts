import { type Binding, type Contract, defineContract, type HookArity } from '../../contract.ts'
import {
  type AsyncExtensionLimits,
  type Declaration,
  type ExtensionLimits,
  parseAsyncLimits,
  parseDeclarations,
  parseExtensionLimits,
} from './declaration.ts'
import { type AsyncExtensionHooks, asyncExtensionsOnWasm, type ExtensionHooks, extensionsOnWasm } from './wasm.ts'
import { reservedName } from './wasm-abi.ts'

/** Where extensions run. */
export interface ExtensionBindings<N extends string> {
  readonly wasm: Binding<ExtensionHooks<N>, 'wasm', 'sync'>
}

/** Where extensions run that may wait. */
export interface AsyncExtensionBindings<N extends string> {
  readonly wasm: Binding<AsyncExtensionHooks<N>, 'wasm', 'async'>
}

/**
 * The contract of extensions: named functions without parameters that read state and create intents, by ABI 0.0.1 of the
 * extension engine of voedger. Each becomes a hook that runs on a state.
 *
 * A call that fails leaves no intent behind, and its guest is restored; one that ran out of memory is run once more on a fresh
 * memory. A guest may be restored between any two calls, so that it keeps nothing that counts.
 *
 * Calls throw `INPUT_INVALID` for what is no state, `EXTENSION_HANDLE`, `EXTENSION_NAME`, `EXTENSION_STORAGE`, `EXTENSION_FIELD`,
 * `EXTENSION_ABSENT`, `INTENTS_LIMIT`, `HOST_FUNCTION_FAILED` with what a storage threw as its `cause`, and whatever a guest on the
 * runtime can fail with. `details` says which storage, key and field it was.
 *
 * @param declared - the extensions by name, each with the storages that it uses: `{}` for all that the state has
 * @param limits - of one call: `handles` (default 100,000 keys, values and intents) and `written` (16 MiB put into keys and intents);
 *   `strict` (false) for errors with the texts of the reference engine
 * @throws MortiseError `CONTRACT_INVALID` for a name that the ABI has for itself, `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { extensions, type State } from 'mortise/extension'
 * import { wasm } from 'mortise/wasm'
 *
 * const orders = extensions({
 *   NewOrder: {},
 *   CalcOrderedItems: { state: ['sys.Event', 'sys.View'], intents: ['sys.View(app.OrderedItems)'] },
 * })
 *
 * export async function order(source: Uint8Array, state: State): Promise<void> {
 *   await using host = new Mortise({ runtimes: [wasm()] })
 *   const plugin = await host.plug('orders', source, orders)
 *   plugin.hooks.NewOrder(state)
 *   state.apply()
 * }
 * ```
 */
export function extensions<const N extends string>(
  declared: Readonly<Record<N, Declaration>>,
  limits: ExtensionLimits = {},
): Contract<ExtensionHooks<N>, ExtensionBindings<N>> {
  const parsed = parseDeclarations(declared, reservedName)
  return defineContract<ExtensionHooks<N>>()({
    ...common,
    hooks: arity(parsed),
    bindings: { wasm: extensionsOnWasm<N>(parsed, parseExtensionLimits(limits)) },
  })
}

/**
 * The same contract for states some of whose storages wait: guests are the same, and hooks return promises. While a storage waits,
 * the guest is suspended (JavaScript Promise Integration), its instance runs nothing else, and the host goes on; calls that overlap
 * run on instances of their own. `deadline` is for the time that a guest runs, `wait` for the time that it is suspended.
 *
 * Calls reject with what those of {@link extensions} throw, `WAIT_LIMIT`, `QUEUE_FULL` for more than `instances` and `queue` at
 * once, and `PLUGIN_UNPLUGGED` when the plugin is unplugged meanwhile. `plug` rejects with `SUSPENSION_UNAVAILABLE` where Node has
 * no such integration.
 *
 * @param declared - as for {@link extensions}
 * @param limits - `handles` (100,000), `written` (16 MiB), `strict` (false), `wait` (30 s a call), `instances` (64), `queue` (1,000 calls)
 * @throws MortiseError `CONTRACT_INVALID`, `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { asyncExtensions, type AsyncState } from 'mortise/extension'
 * import { wasm } from 'mortise/wasm'
 *
 * const orders = asyncExtensions({ NewOrder: {} }, { wait: '5 s' })
 *
 * export async function order(source: Uint8Array, state: AsyncState): Promise<void> {
 *   await using host = new Mortise({ runtimes: [wasm()] })
 *   const plugin = await host.plug('orders', source, orders)
 *   await plugin.hooks.NewOrder(state)
 *   await state.apply()
 * }
 * ```
 */
export function asyncExtensions<const N extends string>(
  declared: Readonly<Record<N, Declaration>>,
  limits: AsyncExtensionLimits = {},
): Contract<AsyncExtensionHooks<N>, AsyncExtensionBindings<N>> {
  const parsed = parseDeclarations(declared, reservedName)
  return defineContract<AsyncExtensionHooks<N>>()({
    ...common,
    hooks: arity(parsed),
    bindings: { wasm: asyncExtensionsOnWasm<N>(parsed, parseAsyncLimits(limits)) },
  })
}

const common = { name: 'extension', pure: true, stateless: true } as const

function arity<H>(parsed: ReadonlyMap<string, unknown>): HookArity<H> {
  // oxlint-disable-next-line no-unsafe-type-assertion -- each extension takes the state
  return Object.fromEntries([...parsed.keys()].map((name) => [name, 1])) as HookArity<H>
}

export {
  type FieldKind,
  type FieldType,
  type FieldTypes,
  type FieldValue,
  type QName,
  type Row,
  RowReader,
} from './fields.ts'
export type { AsyncCall, AsyncStorage, Intent, Key, Operation, Storage } from './storage.ts'
export type { State } from './state.ts'
export type { HostCall } from './host-call.ts'
export type { Bundle } from './bundle.ts'
export { StateKind, type StateKindOptions } from './state-kind.ts'
export type { AsyncState } from './async-state.ts'
export type { AsyncBundle } from './async-bundle.ts'
export { AsyncStateKind, type AsyncStateKindOptions } from './async-state-kind.ts'
export { memoryStorage, type MemoryEntity } from './memory-storage.ts'
export type { AsyncExtensionLimits, Declaration, ExtensionLimits } from './declaration.ts'
