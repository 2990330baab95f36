import type { Binding, Contract, Instance } from '../../contract.ts'
import { checkKeys, checkOption } from '../../options.ts'
import { checkContract } from './check.ts'
import { checkProvided, type HostFunctions } from './host-functions.ts'
import { typedOnWasm } from './wasm.ts'
import type { ContractValues, Definition, FunctionsOf, WrittenFunctions, WrittenMembers } from './definition.ts'

/** What a contract may have beside its hooks. */
export interface ContractOptions<V extends WrittenMembers> {
  /** What a guest says once, at load, such as its version. Default: nothing. */
  readonly values?: V
  /** Whether the hooks have no effect outside the guest but their results and logs, so that they may be run again. Default: no. */
  readonly pure?: boolean
}

/** The same for a contract that offers functions to its guests. */
export interface OpenContractOptions<F extends WrittenFunctions, V extends WrittenMembers> extends ContractOptions<V> {
  /** The functions, which whoever plugs in a guest provides. */
  readonly hostFunctions: F
}

/** A typed contract on each of its runtimes. */
export interface TypedBindings<H, V> {
  readonly wasm: Binding<H, 'wasm', 'sync'> & { readonly values: (instance: Instance<'wasm'>) => V }
}

/** A contract that is made from its types. */
export interface TypedContract<H, V> extends Contract<H, TypedBindings<H, V>> {
  /** The contract as data. */
  readonly definition: Definition
}

/** A typed contract with host functions, which have to be provided before a guest can be plugged in. */
export interface OpenContract<H, F, V> {
  readonly name: string
  /** The contract as data. */
  readonly definition: Definition
  /** The contract with the functions that its guests call. */
  provide(functions: F): TypedContract<H, V>
}

type NoMembers = Readonly<Record<never, never>>

/**
 * Defines a contract by its types: what the host calls, what the guest may call, and what it says at load. The types of
 * `plugin.hooks` and `plugin.values` follow from it.
 *
 * @param name - in kebab-case
 * @param hooks - by name in camelCase, each with `params` (types by name; the hook takes one object of them) and `result`
 * @param options - `hostFunctions` (in the same form), `values` (types by name), `pure` (default false)
 * @throws MortiseError `CONTRACT_INVALID` for what no guest could fit, `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function contract<const H extends WrittenFunctions, const V extends WrittenMembers = NoMembers>(
  name: string,
  hooks: H,
  options?: ContractOptions<V>,
): TypedContract<FunctionsOf<H>, ContractValues<V>>
export function contract<
  const H extends WrittenFunctions,
  const F extends WrittenFunctions,
  const V extends WrittenMembers = NoMembers,
>(
  name: string,
  hooks: H,
  options: OpenContractOptions<F, V>,
): OpenContract<FunctionsOf<H>, FunctionsOf<F>, ContractValues<V>>
export function contract(
  name: string,
  hooks: WrittenFunctions,
  options: Partial<OpenContractOptions<WrittenFunctions, WrittenMembers>> = {},
): TypedContract<unknown, unknown> | OpenContract<unknown, unknown, unknown> {
  checkKeys(options, ['hostFunctions', 'values', 'pure'], `contract '${name}'`)
  const { hostFunctions = {}, values = {}, pure = false } = options
  checkOption('pure', pure, typeof pure === 'boolean', 'true or false')
  const definition = checkContract({ name, hooks, hostFunctions, values })
  const provide = (functions: HostFunctions): TypedContract<unknown, unknown> =>
    Object.freeze({
      name,
      definition,
      pure,
      hooks: arity(definition),
      bindings: Object.freeze({ wasm: typedOnWasm(definition, functions) }),
    })
  return options.hostFunctions === undefined
    ? provide({})
    : Object.freeze({
        name,
        definition,
        provide: (functions: HostFunctions) => provide(checkProvided(definition, functions)),
      })
}

/** A hook takes one object of its parameters, if it has any. */
function arity({ hooks }: Definition): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(hooks).map(([name, { params }]) => [name, Object.keys(params).length === 0 ? 0 : 1]),
  )
}

export { defineContract } from '../../contract.ts'
export type {
  AnyFunction,
  Binding,
  Bindings,
  Contract,
  HookArity,
  HooksIn,
  Instance,
  Kind,
  Mode,
  ModeOf,
  Surface,
} from '../../contract.ts'
export type {
  ContractValues,
  Definition,
  FunctionOf,
  FunctionsOf,
  FunctionType,
  WrittenFunction,
} from './definition.ts'
export {
  bool,
  char,
  enumeration,
  f32,
  f64,
  flags,
  list,
  option,
  record,
  result,
  s16,
  s32,
  s64,
  s8,
  string,
  tuple,
  type NamedType,
  type Type,
  type Typed,
  type TypeKind,
  u16,
  u32,
  u64,
  u8,
  type ValueOf,
  variant,
} from './types.ts'
export { describe, type Description, descriptionSection } from './describe.ts'
export { camelCase, kebabCase, pascalCase } from './names.ts'
