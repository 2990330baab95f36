import type { Binding, Bindings, Contract, Instance, Kind, Mode } from '../../contract.ts'
import { checkKeys, checkOption } from '../../options.ts'
import { checkContract } from './check.ts'
import { checkProvided, type HostFunctions } from './host-functions.ts'
import { typedOnEsm } from './esm.ts'
import { typedOnNative } from './native.ts'
import { typedOnProcess } from './process.ts'
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

type On<H, V, K extends Kind, M extends Mode> = Binding<H, K, M> & {
  readonly values: (instance: Instance<K>) => M extends 'sync' ? V : Promise<V>
}

/** The runtimes on which host functions can be called: in process, at once. */
export interface InProcess<H, V> {
  readonly wasm: On<H, V, 'wasm', 'sync'>
  readonly esm: On<H, V, 'esm', 'sync'>
  readonly native: On<H, V, 'native', 'sync'>
}

/** All runtimes. */
export interface Everywhere<H, V> extends InProcess<H, V> {
  readonly process: On<H, V, 'process', 'async'>
}

/** A contract that is made from its types. */
export interface TypedContract<H, B extends Bindings<H>> extends Contract<H, B> {
  /** The contract as data. */
  readonly definition: Definition
}

/** A typed contract with host functions, which have to be provided before a guest can be plugged in. */
export interface OpenContract<H, F, V> {
  readonly name: string
  /** The contract as data. */
  readonly definition: Definition
  /**
   * The contract with the functions that its guests call. What one of them throws ends the guest's call with
   * `HOST_FUNCTION_FAILED`, and so does a result that is not of its type.
   *
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID` for a function that the contract does not have, or that is missing
   */
  provide(functions: F): TypedContract<H, InProcess<H, V>>
}

type NoMembers = Readonly<Record<never, never>>

/**
 * Defines a contract by its types: what the host calls, what the guest may call, and what it says at load. The types of
 * `plugin.hooks` and `plugin.values` follow from it.
 *
 * @param name - in kebab-case
 * @param hooks - by name in camelCase, each with `params` (types by name; the hook takes one object of them) and `result`
 * @param options - `hostFunctions` (in the same form), `values` (types by name), `pure` (default false)
 * @returns the contract, for `host.plug`; one with host functions has to be given them by `provide` before
 * @throws MortiseError `CONTRACT_INVALID` for what no guest could fit, `OPTION_UNKNOWN`, `OPTION_INVALID`. Hooks throw
 *   `INPUT_INVALID`, `INPUT_TOO_LARGE`, `GUEST_POINTER`, `GUEST_STRING`, `GUEST_RESULT`, `HOST_FUNCTION_FAILED`, and whatever else a
 *   guest on the runtime can fail with.
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { contract, option, string } from 'mortise/contract'
 * import { esm } from 'mortise/esm'
 *
 * const phones = contract('phones', { find: { params: { name: string }, result: option(string) } })
 *
 * await using host = new Mortise({ runtimes: [esm()] })
 * const source = new TextEncoder().encode(`export const find = ({ name }) => (name === 'Ada' ? '1815' : undefined)`)
 * const plugin = await host.plug('phones', source, phones)
 * console.log(plugin.hooks.find({ name: 'Ada' })?.length)
 * ```
 */
export function contract<const H extends WrittenFunctions, const V extends WrittenMembers = NoMembers>(
  name: string,
  hooks: H,
  options?: ContractOptions<V>,
): TypedContract<FunctionsOf<H>, Everywhere<FunctionsOf<H>, ContractValues<V>>>
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
): TypedContract<unknown, InProcess<unknown, unknown>> | OpenContract<unknown, unknown, unknown> {
  checkKeys(options, ['hostFunctions', 'values', 'pure'], `contract '${name}'`)
  const { hostFunctions = {}, values = {}, pure = false } = options
  checkOption('pure', pure, typeof pure === 'boolean', 'true or false')
  const definition = checkContract({ name, hooks, hostFunctions, values })
  const common = { name, definition, pure, hooks: arity(definition) }
  const inProcess = (functions: HostFunctions): InProcess<unknown, unknown> => ({
    wasm: typedOnWasm(definition, functions),
    esm: typedOnEsm(definition, functions),
    native: typedOnNative(definition, functions),
  })
  if (options.hostFunctions === undefined) {
    const bindings: Everywhere<unknown, unknown> = { ...inProcess({}), process: typedOnProcess(definition) }
    return Object.freeze({ ...common, bindings: Object.freeze(bindings) })
  }
  return Object.freeze({
    name,
    definition,
    provide: (functions: HostFunctions) =>
      Object.freeze({ ...common, bindings: Object.freeze(inProcess(checkProvided(definition, functions))) }),
  })
}

/** A hook takes one object of its parameters, if it has any. */
function arity({ hooks }: Definition): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(hooks).map(([name, { params }]) => [name, Object.keys(params).length === 0 ? 0 : 1]),
  )
}

export { defineContract, descriptionSection } from '../../contract.ts'
export type {
  AnyFunction,
  Binding,
  Bindings,
  Contract,
  HookArity,
  HooksIn,
  Instance,
  Kind,
  LeaseSteps,
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
export { describe, type Description } from './describe.ts'
export { camelCase, kebabCase, pascalCase } from './names.ts'
