import type { Binding } from '../../contract.ts'
import type { Instance } from '../../runtime.ts'
import { stringEncoding } from '../../wasm/component-type.ts'
import { wasmFunction } from '../../wasm/function.ts'
import {
  type Codec,
  compileCodec,
  compileImports,
  type CoreFunction,
  exportsOf,
  type MakeCodec,
} from './abi/compile.ts'
import type { Encoding } from './abi/text.ts'
import type { Definition } from './definition.ts'
import { type HostFunctions, hostCaller } from './host-functions.ts'
import { hooksOf, valuesOf } from './hooks.ts'
import { makeMachine } from './machine.ts'
import { kebabCase } from './names.ts'
import { surfaceCheck } from './wasm-surface.ts'

/** The module from which core modules import the functions of their world. */
const world = '$root'

/**
 * A typed contract on core WebAssembly modules, by the component model's canonical ABI and under the names that
 * `wit-component` gives to it: the exports `get-user`, `cabi_post_get-user`, `cabi_realloc` and `memory`, the imports of `$root`.
 */
export function typedOnWasm(
  definition: Definition,
  functions: HostFunctions,
): Binding<unknown, 'wasm', 'sync'> & { readonly values: (instance: Instance<'wasm'>) => unknown } {
  const compiled = new Map<Encoding, MakeCodec>()
  const codecs = new WeakMap<Instance<'wasm'>, Codec>()
  const makeImports = compileImports(definition, 'flat')
  const callHost = hostCaller(definition, functions)
  const names = exportsOf(definition).map(([name]) => name)

  /** The codec of an instance, made when its first call is: a host function may be called before a hook. */
  function codecOf(instance: Instance<'wasm'>): Codec {
    const known = codecs.get(instance)
    if (known !== undefined) return known
    const { exports, memory, sections } = instance.unit
    const encoding = stringEncoding(sections)
    const make = compiled.get(encoding) ?? compileCodec(definition, encoding, 'flat')
    compiled.set(encoding, make)
    const machine = makeMachine(names, {
      memory,
      encoding,
      realloc: 'cabi_realloc' in exports ? wasmFunction(exports, 'cabi_realloc') : () => 0,
      core: (name) => coreFunction(exports, kebabCase(name)),
      after: (name) => optional(exports, `cabi_post_${kebabCase(name)}`),
    })
    const codec = make(machine, callHost)
    codecs.set(instance, codec)
    return codec
  }

  return {
    mode: 'sync',
    check: surfaceCheck(definition, world),
    imports: (instance) => ({ [world]: makeImports(() => codecOf(instance())) }),
    bind: (instance) => hooksOf(definition, instance.guard, codecOf(instance).hooks),
    values: (instance) => valuesOf(definition, instance.guard, codecOf(instance).hooks),
    silent: Object.keys(definition.values).length === 0,
  }
}

function coreFunction(exports: Readonly<Record<string, unknown>>, name: string): CoreFunction {
  const exported = optional(exports, name)
  if (exported === undefined) throw new TypeError(`the module was bound before it was checked: it has no '${name}'`)
  return exported
}

function optional(exports: Readonly<Record<string, unknown>>, name: string): CoreFunction | undefined {
  const exported = Object.hasOwn(exports, name) ? exports[name] : undefined
  return isFunction(exported) ? exported : undefined
}

const isFunction = (value: unknown): value is CoreFunction => typeof value === 'function'
