import type { Binding, HooksIn } from '../../contract.ts'
import { MortiseError } from '../../errors.ts'
import type { Instance } from '../../runtime.ts'
import { wasmFunction } from '../../wasm/function.ts'
import { requireSurface } from '../../wasm/link.ts'
import type { AsyncState } from './async-state.ts'
import type { ParsedAsyncLimits, ParsedDeclaration, ParsedExtensionLimits } from './declaration.ts'
import { EngineState } from './engine-state.ts'
import { OpenState, type State } from './state.ts'
import { strictly } from './strict.ts'
import { hostFunctions, hostModule, importTypes, optionalExports, requiredExports } from './wasm-abi.ts'
import { Calls } from './wasm-calls.ts'
import { extensionFunctions } from './wasm-host-functions.ts'
import { type Shim, shim } from './wasm-shim.ts'
import { traced } from './wasm-trace.ts'

/** The hooks of extensions: each runs on a state. */
export type ExtensionHooks<N extends string> = Readonly<Record<N, (state: State) => void>>

/** The same where storages may wait. */
export type AsyncExtensionHooks<N extends string> = Readonly<Record<N, (state: State | AsyncState) => void>>

type Declared = ReadonlyMap<string, ParsedDeclaration>

/** Extensions as WebAssembly modules, by ABI 0.0.1 of the reference engine: 44 functions of `env`, one export per extension. */
export function extensionsOnWasm<N extends string>(
  declared: Declared,
  limits: ParsedExtensionLimits,
): Binding<ExtensionHooks<N>, 'wasm', 'sync'> {
  const engine = new Engine(declared, limits, false)
  return {
    mode: 'sync',
    ...engine.parts,
    bind(instance) {
      const calls = engine.bind(instance)
      const hooks = [...declared].map(([name, declaration]): [string, (state: State) => void] => {
        const run = instance.guard.exported(name, calls.steps(declaration))
        const call = (state: State): void => run(state instanceof OpenState ? state : noState(state, 'a StateKind'))
        return [name, limits.strict ? strict(call) : call]
      })
      // oxlint-disable-next-line no-unsafe-type-assertion -- the names are those of N
      return Object.fromEntries(hooks) as HooksIn<ExtensionHooks<N>, 'sync'>
    },
  }
}

/** The same extensions, whose guests are suspended while a storage waits. */
export function asyncExtensionsOnWasm<N extends string>(
  declared: Declared,
  limits: ParsedAsyncLimits,
): Binding<AsyncExtensionHooks<N>, 'wasm', 'async'> {
  const engine = new Engine(declared, limits, true)
  return {
    mode: 'async',
    overlap: limits,
    ...engine.parts,
    bind(instance) {
      const calls = engine.bind(instance)
      const hooks = [...declared].map(([name, declaration]): [string, (state: unknown) => Promise<void>] => {
        const entry = WebAssembly.promising(wasmFunction(instance.unit.exports, name))
        const run = instance.guard.suspending(name, { ...calls.steps(declaration), run: () => entry() }, limits.wait)
        const refuse = async (state: unknown): Promise<never> => noState(state, 'a StateKind or an AsyncStateKind')
        const hook = (state: unknown): Promise<void> => {
          return state instanceof EngineState ? run(state) : refuse(state)
        }
        return [name, limits.strict ? strictAsync(hook) : hook]
      })
      // oxlint-disable-next-line no-unsafe-type-assertion -- the names are those of N
      return Object.fromEntries(hooks) as HooksIn<AsyncExtensionHooks<N>, 'async'>
    },
  }
}

/** What both have: the host functions of each instance, and the calls that use them. */
class Engine {
  readonly parts: Pick<Binding<unknown, 'wasm', 'sync'>, 'check' | 'imports' | 'initialise'>
  readonly #all = new WeakMap<Instance<'wasm'>, { readonly calls: Calls; readonly rows: Shim['rows'] }>()

  constructor(declared: Declared, limits: ParsedExtensionLimits, waits: boolean) {
    this.parts = {
      check: requireSurface({
        imports: { [hostModule]: importTypes },
        exports: {
          ...requiredExports,
          ...Object.fromEntries([...declared.keys()].map((name) => [name, 'func () -> ()'])),
        },
        optional: optionalExports,
      }),
      imports: (instance, plugin) => {
        if (waits) requireSuspension()
        const calls = new Calls(instance, limits, waits)
        const functions = traced(extensionFunctions(calls), calls, plugin)
        const { functions: exported, rows } = shim(
          waits ? { ...functions, wait: new WebAssembly.Suspending(calls.waits.wait) } : functions,
        )
        this.#all.set(instance(), { calls, rows })
        return {
          [hostModule]: Object.fromEntries(
            Object.keys(hostFunctions).map((name) => [name, wasmFunction(exported, name)]),
          ),
        }
      },
      initialise: (instance) => {
        wasmFunction(instance.unit.exports, 'WasmAbiVersion_0_0_1')()
        this.#of(instance).calls.begin()
      },
    }
  }

  /** The calls of an instance, which knows its guest's function for rows from now on. */
  bind(instance: Instance<'wasm'>): Calls {
    const { calls, rows } = this.#of(instance)
    for (const [index, name] of ['WasmOnReadValue', 'mortise_on_read_value'].entries()) {
      const onRow = instance.unit.exports[name]
      if (typeof onRow !== 'function') continue
      rows.set(index, onRow)
      calls.reads.takesRows = true
    }
    return calls
  }

  #of(instance: Instance<'wasm'>): { readonly calls: Calls; readonly rows: Shim['rows'] } {
    const found = this.#all.get(instance)
    if (found === undefined) throw new TypeError('The instance was made without the imports of this contract')
    return found
  }
}

/** A hook whose errors have the reference engine's texts. */
const strict =
  (hook: (state: State) => void) =>
  (state: State): void => {
    try {
      hook(state)
    } catch (error) {
      throw strictly(error)
    }
  }

const strictAsync =
  (hook: (state: unknown) => Promise<void>) =>
  async (state: unknown): Promise<void> => {
    try {
      await hook(state)
    } catch (error) {
      throw strictly(error)
    }
  }

function noState(state: unknown, opener: string): never {
  throw new MortiseError(
    'INPUT_INVALID',
    `Cannot run an extension on ${typeof state === 'object' ? 'an object' : `a ${typeof state}`}: it takes a state that ${opener} opened`,
  )
}

function requireSuspension(): void {
  if ('Suspending' in WebAssembly && 'promising' in WebAssembly) return
  throw new MortiseError(
    'SUSPENSION_UNAVAILABLE',
    `Cannot plug extensions whose storages may wait into Node ${process.version}: it has no WebAssembly.Suspending. Take Node 26, or storages that answer at once`,
  )
}
