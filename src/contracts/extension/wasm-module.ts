import type { Surface } from '../../runtime.ts'
import { requireSurface } from '../../wasm/link.ts'
import { hostModule, importTypes, optionalExports, requiredExports, reservedName } from './wasm-abi.ts'

/** A module of extensions, as its imports and exports tell. */
export interface ExtensionModule {
  /** The version of the ABI that it says it was built for, such as `0.0.1`; absent where it says none. */
  readonly abi: string | undefined
  /** The extensions, in the module's order. */
  readonly extensions: readonly string[]
  /** What keeps it from being plugged in, one sentence each. */
  readonly problems: readonly string[]
}

const check = requireSurface({
  imports: { [hostModule]: importTypes },
  exports: requiredExports,
  optional: optionalExports,
})

/** Looks at a module without a list of the extensions that it should have. */
export function readExtensionModule(surface: Surface): ExtensionModule {
  const { exports } = surface
  const [version] = exports.flatMap(({ name }) => /^WasmAbiVersion_(\d+_\d+_\d+)$/.exec(name)?.[1] ?? [])
  const extensions = exports
    .filter(({ name, type }) => type === 'func () -> ()' && !reservedName(name) && name !== '_initialize')
    .map(({ name }) => name)
  const none = extensions.length === 0 ? ['no extension is exported: each is func () -> ()'] : []
  return { abi: version?.replaceAll('_', '.'), extensions, problems: [...check(surface), ...none] }
}
