import type { Surface } from '../../runtime.ts'
import { type Ports, requireSurface, type Wanted } from '../../wasm/link.ts'
import { exportsOf } from './abi/compile.ts'
import { layoutOf, layoutOfAll } from './abi/layout.ts'
import { coreType, type Signature, signatureOf } from './abi/signature.ts'
import type { Definition, FunctionType } from './definition.ts'
import { witFunction } from './describe.ts'
import { differences } from './difference.ts'
import { kebabCase } from './names.ts'

/**
 * Makes the check of a module against a contract: first against what the guest says that it was built for, then against the
 * types of its functions.
 *
 * @param world - the module from which core modules import the functions of their world
 */
export function surfaceCheck(definition: Definition, world: string): (surface: Surface) => readonly string[] {
  const check = requireSurface(wantedOf(definition, world))
  const says = new Map<string, string>([
    ...exportsOf(definition).map(([name, type]) => [`export '${kebabCase(name)}'`, witFunction(type)] as const),
    ...Object.entries(definition.hostFunctions).map(
      ([name, type]) => [`import '${kebabCase(name)}' of module '${world}'`, witFunction(type)] as const,
    ),
  ])
  return (surface) => {
    const different = differences(definition, surface.contract)
    if (different.length > 0) return different
    return check(surface).map((problem) => {
      const type = says.get(/^(?:ex|im)port '[^']*'(?: of module '[^']*')?/.exec(problem)?.[0] ?? '')
      return type === undefined ? problem : `${problem}, as the contract says ${type}`
    })
  }
}

/** What a core module needs that fits a contract. */
function wantedOf(definition: Definition, world: string): Wanted {
  const hooks = exportsOf(definition).map(([name, type]) => [kebabCase(name), signatureOf(type, 'hook')] as const)
  const { allocates, reads } = needs(definition)
  const imports = Object.entries(definition.hostFunctions).map(
    ([name, type]) => [kebabCase(name), coreType(signatureOf(type, 'host function'))] as const,
  )
  return {
    exports: {
      ...(reads && { memory: 'memory' }),
      ...(allocates && { cabi_realloc: 'func (i32, i32, i32, i32) -> (i32)' }),
      ...Object.fromEntries(hooks.map(([name, signature]) => [name, coreType(signature)])),
    },
    optional: Object.fromEntries(hooks.map(([name, signature]) => [`cabi_post_${name}`, afterType(signature)])),
    imports: { [world]: Object.fromEntries(imports) satisfies Ports },
  }
}

/** What is called once a result was read: it takes what the hook returned. */
const afterType = ({ results }: Signature): string => coreType({ params: results, results: [] })

function needs(definition: Definition): { readonly allocates: boolean; readonly reads: boolean } {
  const hooks = exportsOf(definition).map(([, type]) => type)
  const hostFunctions = Object.values(definition.hostFunctions)
  const allocates =
    hooks.some((type) => paramsOf(type).pointers || signatureOf(type, 'hook').paramsInMemory) ||
    hostFunctions.some(({ result }) => result !== null && layoutOf(result).pointers)
  const reads =
    allocates ||
    hooks.some((type) => signatureOf(type, 'hook').resultInMemory) ||
    hostFunctions.some((type) => {
      const { paramsInMemory, resultInMemory } = signatureOf(type, 'host function')
      return paramsInMemory || resultInMemory || paramsOf(type).pointers
    })
  return { allocates, reads }
}

const paramsOf = ({ params }: FunctionType): ReturnType<typeof layoutOfAll> => layoutOfAll(Object.values(params))
