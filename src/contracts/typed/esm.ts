import { types } from 'node:util'
import type { Binding } from '../../contract.ts'
import { GuestFault } from '../../fault.ts'
import type { AnyFunction, Instance, Surface } from '../../runtime.ts'
import type { EsmContext } from '../../units.ts'
import { misfit } from './abi/misfit.ts'
import type { Definition } from './definition.ts'
import type { HostFunctions } from './host-functions.ts'
import { moduleRefused } from './refusal.ts'

/** What a hook of an ES module gets beside its parameters, if it has a parameter for it. */
export interface TypedContext<F> extends EsmContext {
  /** The contract's host functions. */
  readonly host: F
}

/**
 * A typed contract on ES modules: `export function getUser({ id }, context)`, under the names of the contract. Values go by
 * reference, and nothing is looked at on the way: the module is trusted, as the host's own code is.
 */
export function typedOnEsm(
  definition: Definition,
  functions: HostFunctions,
): Binding<unknown, 'esm', 'sync'> & { readonly values: (instance: Instance<'esm'>) => unknown } {
  return {
    mode: 'sync',
    check: (surface) => [
      ...Object.keys(definition.hooks).flatMap((name) => hookProblem(surface, name)),
      ...Object.keys(definition.values)
        .filter((name) => surface.exports.every((port) => port.name !== name))
        .map((name) => `export '${name}' is missing: it must be a value, or a function that gives it`),
    ],
    imports: () => ({}),
    bind(instance) {
      const { exports } = instance.unit
      const hooks = Object.entries(definition.hooks).map(([name, { params }]): [string, unknown] => {
        const hook = exports[name]
        if (!isFunction(hook)) throw new TypeError('the module was bound before it was checked')
        if (types.isAsyncFunction(hook))
          throw moduleRefused(definition.name, [
            `export '${name}' is asynchronous, and hooks of this contract return at once`,
          ])
        return [name, instance.guard(name, withContext(hook, Object.keys(params).length, instance, functions))]
      })
      return Object.fromEntries(hooks)
    },
    values(instance) {
      const values = Object.entries(definition.values).map(([name, type]): [string, unknown] => {
        const read = instance.guard(name, () => {
          const exported = instance.unit.exports[name]
          const value: unknown = isFunction(exported) ? Reflect.apply(exported, undefined, []) : exported
          const wrong = misfit(type, value, name)
          if (wrong !== undefined) throw new GuestFault('GUEST_RESULT', wrong)
          return value
        })
        return [name, read()]
      })
      return Object.fromEntries(values)
    },
  }
}

/** A hook with as many parameters as the contract gives it. Only one that has a parameter for a context gets one. */
function withContext(
  hook: AnyFunction,
  params: number,
  { unit }: Instance<'esm'>,
  host: HostFunctions,
): (params: unknown) => unknown {
  const given = params === 0 ? 0 : 1
  const context = (): TypedContext<HostFunctions> => ({ ...unit.context(), host })
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is trusted to fit
  const call = hook as (...args: unknown[]) => unknown
  if (hook.length > given) return given === 0 ? () => call(context()) : (value) => call(value, context())
  return given === 0 ? () => call() : (value) => call(value)
}

function hookProblem({ exports }: Surface, name: string): readonly string[] {
  const found = exports.find((port) => port.name === name)
  if (found === undefined) return [`export '${name}' is missing: it must be a function`]
  return found.type === 'function' ? [] : [`export '${name}' is ${found.type}, and must be a function`]
}

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function'
