import { MortiseError } from '../../errors.ts'
import { compileFits } from './abi/compile.ts'
import { misfit, shown } from './abi/misfit.ts'
import type { Definition } from './definition.ts'

type Call = (params: unknown) => unknown
type Guarded = (name: string, call: Call) => Call

/**
 * The hooks of an instance: what does not fit the contract is refused before the guest is entered.
 *
 * @param guard - puts the runtime's guard around a call
 * @param calls - what each hook does
 */
export function hooksOf(
  definition: Definition,
  guard: Guarded,
  calls: Readonly<Record<string, Call>>,
): Readonly<Record<string, Call>> {
  const { params: fits } = compileFits(definition)
  const hooks = Object.entries(definition.hooks).map(([name, { params }]): [string, Call] => {
    const call = calls[name]
    const fit = fits[name]
    if (call === undefined || fit === undefined) throw new TypeError(`The contract has no hook '${name}'`)
    const guarded = guard(name, call)
    if (Object.keys(params).length === 0) return [name, guarded]
    return [
      name,
      (given) => {
        if (!fit(given)) refuse(definition, name, given)
        return guarded(given)
      },
    ]
  })
  return Object.fromEntries(hooks)
}

function refuse({ name, hooks }: Definition, hook: string, given: unknown): never {
  const params = Object.entries(hooks[hook]?.params ?? {})
  const what = `Cannot call '${hook}' of the contract '${name}'`
  if (typeof given !== 'object' || given === null)
    throw new MortiseError('INPUT_INVALID', `${what} with ${shown(given)}: it takes an object of its parameters`, {
      hook,
    })
  for (const [key, type] of params) {
    const wrong = misfit(type, Reflect.get(given, key), key)
    if (wrong !== undefined) throw new MortiseError('INPUT_INVALID', `${what}: ${wrong}`, { hook })
  }
  throw new MortiseError('INPUT_INVALID', `${what}: its parameters change while they are looked at`, { hook })
}
