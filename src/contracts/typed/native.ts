import type { Binding } from '../../contract.ts'
import { requireSymbols } from '../../native/native.ts'
import type { AnyFunction, Instance } from '../../runtime.ts'
import { type Codec, compileCodec, compileImports, exportsOf, type MakeCodec } from './abi/compile.ts'
import type { Definition } from './definition.ts'
import { differences } from './difference.ts'
import { type HostFunctions, hostCaller } from './host-functions.ts'
import { hooksOf, valuesOf } from './hooks.ts'
import { makeMachine } from './machine.ts'
import { kebabCase } from './names.ts'

/**
 * A typed contract on native libraries: the hook `getUser` is the symbol `mortise_hook_get_user`. Parameters and results lie in
 * the arena that library and host share, laid out as the canonical ABI lays out a linear memory.
 */
export function typedOnNative(
  definition: Definition,
  functions: HostFunctions,
): Binding<unknown, 'native', 'sync'> & { readonly values: (instance: Instance<'native'>) => unknown } {
  let make: MakeCodec | undefined
  const codecs = new WeakMap<Instance<'native'>, Codec>()
  const makeImports = compileImports(definition, 'arena')
  const callHost = hostCaller(definition, functions)
  const names = exportsOf(definition).map(([name]) => name)
  const check = requireSymbols({
    hooks: names.map(kebabCase),
    hostFunctions: Object.keys(definition.hostFunctions).map(kebabCase),
  })

  /** The codec of an instance, made when its first call is: a host function may be called before a hook. */
  function codecOf(instance: Instance<'native'>): Codec {
    const known = codecs.get(instance)
    if (known !== undefined) return known
    const { arena, hook } = instance.unit
    const machine = makeMachine(names, {
      memory: arena,
      encoding: 'utf8',
      realloc: (_pointer, _size, align, size) => arena.allocate(size, align),
      core: (name) => hook(kebabCase(name)),
      after: () => undefined,
    })
    make ??= compileCodec(definition, 'utf8', 'arena')
    const codec = make(machine, callHost)
    codecs.set(instance, codec)
    return codec
  }

  return {
    mode: 'sync',
    check(surface) {
      const different = differences(definition, surface.contract)
      return different.length > 0 ? different : check(surface)
    },
    imports: (instance) => ({
      host: Object.fromEntries(
        Object.entries(makeImports(() => codecOf(instance()))).map(([name, call]): [string, AnyFunction] => [
          name,
          // Where there is no result it says all the same that it did not fail.
          (given: number) => call(given) ?? instance().unit.arena.begin,
        ]),
      ),
    }),
    bind: (instance) => hooksOf(definition, instance.guard, codecOf(instance).hooks),
    values: (instance) => valuesOf(definition, instance.guard, codecOf(instance).hooks),
  }
}
