import type { Binding, HooksIn } from '../../contract.ts'
import { GuestFault } from '../../fault.ts'
import type { Instance } from '../../runtime.ts'
import { wasmFunction } from '../../wasm/function.ts'
import { requireSurface } from '../../wasm/link.ts'
import type { ParsedDeclaration, ParsedExtensionLimits } from './declaration.ts'
import { openState, type OpenState, type State } from './state.ts'
import { hostFunctions, hostModule, importTypes, optionalExports, requiredExports } from './wasm-abi.ts'
import { Calls } from './wasm-calls.ts'
import { extensionFunctions, type OnRow } from './wasm-host-functions.ts'
import { shim } from './wasm-shim.ts'

/** The hooks of extensions: each runs on a state. */
export type ExtensionHooks<N extends string> = Readonly<Record<N, (state: State) => void>>

/** Extensions as WebAssembly modules, by ABI 0.0.1 of the reference engine: 44 functions of `env`, one export per extension. */
export function extensionsOnWasm<N extends string>(
  declared: ReadonlyMap<string, ParsedDeclaration>,
  limits: ParsedExtensionLimits,
): Binding<ExtensionHooks<N>, 'wasm', 'sync'> {
  const all = new WeakMap<Instance<'wasm'>, Calls>()
  const entries = Object.fromEntries([...declared.keys()].map((name) => [name, 'func () -> ()']))
  const callsOf = (instance: Instance<'wasm'>): Calls => {
    const calls = all.get(instance)
    if (calls === undefined) throw new TypeError('The instance was made without the imports of this contract')
    return calls
  }
  return {
    mode: 'sync',
    check: requireSurface({
      imports: { [hostModule]: importTypes },
      exports: { ...requiredExports, ...entries },
      optional: optionalExports,
    }),
    imports(instance) {
      const calls = new Calls(instance, limits)
      all.set(instance(), calls)
      let onRow: OnRow | undefined
      const row: OnRow = (key, value) => (onRow ??= rowCallback(instance()))(key, value)
      const exported = shim(extensionFunctions(calls, row))
      return {
        [hostModule]: Object.fromEntries(
          Object.keys(hostFunctions).map((name) => [name, wasmFunction(exported, name)]),
        ),
      }
    },
    initialise(instance) {
      wasmFunction(instance.unit.exports, 'WasmAbiVersion_0_0_1')()
      callsOf(instance).begin()
    },
    bind(instance) {
      const calls = callsOf(instance)
      const hooks = [...declared].map(([name, declaration]): [string, (state: State) => void] => {
        const entry = wasmFunction(instance.unit.exports, name)
        const run = instance.guard(name, (state: OpenState<unknown>) => calls.run(state, declaration, entry))
        return [name, (state) => run(openState(state))]
      })
      // oxlint-disable-next-line no-unsafe-type-assertion -- the names are those of N
      return Object.fromEntries(hooks) as HooksIn<ExtensionHooks<N>, 'sync'>
    },
  }
}

/** The guest's function for rows: the one that may stop, else that of the reference engine. */
function rowCallback({ unit: { exports } }: Instance<'wasm'>): OnRow {
  const stopping = exports['mortise_on_read_value']
  const plain = exports['WasmOnReadValue']
  if (isRowFunction(stopping)) return (key, value) => stopping(key, value) === 0
  if (!isRowFunction(plain))
    throw new GuestFault(
      'EXTENSION_STORAGE',
      "it reads rows, and exports neither 'WasmOnReadValue' nor 'mortise_on_read_value'",
    )
  return (key, value) => {
    plain(key, value)
    return true
  }
}

const isRowFunction = (value: unknown): value is (key: bigint, value: bigint) => number => typeof value === 'function'
