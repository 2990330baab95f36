import { MortiseError } from '../../errors.ts'
import { compileFits } from './abi/compile.ts'
import { misfit, shown } from './abi/misfit.ts'
import type { Definition } from './definition.ts'
import type { Type } from './types.ts'

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
  const guarded = (name: string): Call => {
    const call = calls[name]
    if (call === undefined) throw new TypeError(`The contract has no hook '${name}'`)
    return guard(name, call)
  }
  return checkedHooks(definition, guarded, (refusal) => {
    throw refusal
  })
}

/**
 * Puts the check of its parameters before each hook.
 *
 * @param make - makes a hook
 * @param refuse - ends a call of one whose parameters do not fit
 */
export function checkedHooks<R>(
  definition: Definition,
  make: (name: string) => (params: unknown) => R,
  refuse: (refusal: MortiseError) => R,
): Readonly<Record<string, (params: unknown) => R>> {
  const fits = fitsOf(definition)
  const hooks = Object.entries(definition.hooks).map(([name, { params }]): [string, (params: unknown) => R] => {
    const call = make(name)
    const fit = fits[name]
    if (fit === undefined || Object.keys(params).length === 0) return [name, call]
    return [name, (given) => (fit(given) ? call(given) : refuse(refusalOf(definition, name, given)))]
  })
  return Object.fromEntries(hooks)
}

/** The values of an instance, each given by a function of the guest. */
export function valuesOf(
  { values }: Definition,
  guard: Guarded,
  calls: Readonly<Record<string, Call>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(values).map((name) => [name, guard(name, () => calls[name]?.(undefined))(undefined)]),
  )
}

type Fits = ReturnType<typeof compileFits<string>>

const known = new WeakMap<Definition, Fits>()

/** The questions whether parameters fit, compiled once for all instances. */
function fitsOf(definition: Definition): Fits {
  const fits = known.get(definition) ?? compileFits(paramTypes(definition))
  known.set(definition, fits)
  return fits
}

/** The parameters of each hook as one type. */
function paramTypes({ hooks }: Definition): Readonly<Record<string, Type>> {
  return Object.fromEntries(
    Object.entries(hooks).map(([name, { params }]) => [name, { kind: 'record', name: 'parameters', fields: params }]),
  )
}

function refusalOf({ name, hooks }: Definition, hook: string, given: unknown): MortiseError {
  const params = Object.entries(hooks[hook]?.params ?? {})
  const what = `Cannot call '${hook}' of the contract '${name}'`
  if (typeof given !== 'object' || given === null)
    return new MortiseError('INPUT_INVALID', `${what} with ${shown(given)}: it takes an object of its parameters`, {
      hook,
    })
  for (const [key, type] of params) {
    const wrong = misfit(type, Reflect.get(given, key), key)
    if (wrong !== undefined) return new MortiseError('INPUT_INVALID', `${what}: ${wrong}`, { hook })
  }
  return new MortiseError('INPUT_INVALID', `${what}: its parameters change while they are looked at`, { hook })
}
