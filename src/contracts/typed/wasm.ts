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
import { Latin1Utf16 } from './abi/latin1-utf16.ts'
import { Lifter } from './abi/lifter.ts'
import { Lowerer } from './abi/lowerer.ts'
import type { Encoding, Text } from './abi/text.ts'
import { Utf16 } from './abi/utf16.ts'
import { Utf8 } from './abi/utf8.ts'
import { Views } from './abi/views.ts'
import type { Definition } from './definition.ts'
import { type HostFunctions, hostCaller } from './host-functions.ts'
import { hooksOf } from './hooks.ts'
import { kebabCase } from './names.ts'
import { surfaceCheck } from './wasm-surface.ts'

/** The module from which core modules import the functions of their world. */
const world = '$root'

const encodings: { readonly [E in Encoding]: new (views: Views) => Text } = {
  utf8: Utf8,
  utf16: Utf16,
  'latin1+utf16': Latin1Utf16,
}

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
  const makeImports = compileImports(definition)
  const callHost = hostCaller(definition, functions)

  /** The codec of an instance, made when its first call is: a host function may be called before a hook. */
  function codecOf(instance: Instance<'wasm'>): Codec {
    const known = codecs.get(instance)
    if (known !== undefined) return known
    const { exports, memory, sections } = instance.unit
    const encoding = stringEncoding(sections)
    const make = compiled.get(encoding) ?? compileCodec(definition, encoding)
    compiled.set(encoding, make)
    const views = new Views(memory)
    const text = new encodings[encoding](views)
    const realloc = 'cabi_realloc' in exports ? wasmFunction(exports, 'cabi_realloc') : () => 0
    const names = exportsOf(definition).map(([name]) => name)
    const codec = make(
      {
        views,
        text,
        lifter: new Lifter(views),
        lowerer: new Lowerer(views, text, realloc),
        core: Object.fromEntries(names.map((name) => [name, coreFunction(exports, kebabCase(name))])),
        after: Object.fromEntries(names.map((name) => [name, optional(exports, `cabi_post_${kebabCase(name)}`)])),
      },
      callHost,
    )
    codecs.set(instance, codec)
    return codec
  }

  return {
    mode: 'sync',
    check: surfaceCheck(definition, world),
    imports: (instance) => ({ [world]: makeImports(() => codecOf(instance())) }),
    bind(instance) {
      const codec = codecOf(instance)
      return hooksOf(definition, (name, call) => instance.guard(name, call), codec.hooks)
    },
    values(instance) {
      const codec = codecOf(instance)
      const read = Object.keys(definition.values).map((name): [string, unknown] => [
        name,
        instance.guard(name, () => codec.hooks[name]?.(undefined))(),
      ])
      return Object.fromEntries(read)
    },
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
